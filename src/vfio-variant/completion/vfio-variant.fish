# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of vfio-variant(8) for fish.

function __fish_vfio_variant_has_no_verb
    test (count (commandline -opc)) -eq 1
end

function __fish_vfio_variant_has_verb --description 'Is it one of these?'
    set -l words (commandline -opc)
    contains -- "$words[2]" $argv
end

# Standard output is no terminal, so with COLUMNS empty no cell is cut.
function __fish_vfio_variant_list --description 'What `vfio-variant list` prints, its headings first'
    env COLUMNS= vfio-variant list $argv 2>/dev/null
end

# It ends where the next heading begins: names have blanks, and what a device doesn't have is blank.
function __fish_vfio_variant_cells --argument-names heading next head --description 'What is below a heading: HEADING NEXT LINE...'
    test (count $argv) -gt 3; or return
    set -l before (string length -- (string replace -r "$heading.*" '' -- "$head"))
    set -l end (string length -- (string replace -r "$next.*" '' -- "$head"))
    string sub -s (math $before + 1) -l (math $end - $before) -- $argv[4..-1] | string trim
end

function __fish_vfio_variant_devices --argument-names verb --description 'Those that a verb may be for, with their names'
    set -l options
    switch $verb
        case info
            set options --all
        case untag
            set options --tagged
    end
    set -l lines (__fish_vfio_variant_list $options)
    set -l addresses (__fish_vfio_variant_cells ADDRESS NAME $lines)
    set -l names (__fish_vfio_variant_cells NAME DRIVER $lines)
    set -l types (__fish_vfio_variant_cells TYPE VARIANT $lines)
    for i in (seq (count $addresses))
        test "$verb" = unbind -a "$types[$i]" = native; and continue
        printf '%s\t%s\n' $addresses[$i] $names[$i]
    end
end

function __fish_vfio_variant_drivers --description 'VFIO drivers that fit a device here best, and those that are loaded'
    __fish_vfio_variant_cells VARIANT TAGGED (__fish_vfio_variant_list) | string match -r '.+'
    for path in /sys/bus/*/drivers/*vfio*
        string replace -r '.*/' '' -- $path
    end
end

# A match elsewhere in it would have fish replace the option, too.
function __fish_vfio_variant_value --description 'Lines of standard input that begin as the value behind --OPTION='
    set -l value (string replace -r -f '^--[^=]+=' '' -- (commandline -ct))
    while read -l line
        test (string sub -l (string length -- "$value") -- $line) = "$value"; and echo $line
    end
end

complete -c vfio-variant -f

complete -c vfio-variant -n __fish_vfio_variant_has_no_verb -a list -d 'show devices, their drivers, and which VFIO driver fits best'
complete -c vfio-variant -n __fish_vfio_variant_has_no_verb -a info -d 'show all that is known of a device'
complete -c vfio-variant -n __fish_vfio_variant_has_no_verb -a explain -d 'show why a driver fits best'
complete -c vfio-variant -n __fish_vfio_variant_has_no_verb -a check -d 'show what keeps devices from a guest, and what to do about it'
complete -c vfio-variant -n __fish_vfio_variant_has_no_verb -a monitor -d 'tell when drivers and answers change'
complete -c vfio-variant -n __fish_vfio_variant_has_no_verb -a bind -d 'bind devices now'
complete -c vfio-variant -n __fish_vfio_variant_has_no_verb -a unbind -d 'give devices back to their native driver'
complete -c vfio-variant -n __fish_vfio_variant_has_no_verb -a tag -d 'have devices bound whenever they appear'
complete -c vfio-variant -n __fish_vfio_variant_has_no_verb -a untag -d 'no longer'
complete -c vfio-variant -n __fish_vfio_variant_has_no_verb -a claim -d 'keep tagged devices from native drivers (early at boot)'
complete -c vfio-variant -n __fish_vfio_variant_has_no_verb -l version -d 'print the version'
complete -c vfio-variant -l help -d 'print a short help'

complete -c vfio-variant -n '__fish_vfio_variant_has_verb list' -l all -d 'bridges and IOMMUs as well, and what no VFIO driver fits'
complete -c vfio-variant -n '__fish_vfio_variant_has_verb list' -l tagged -d 'only those that are tagged to be bound'
complete -c vfio-variant -n '__fish_vfio_variant_has_verb list' -l no-legend -d 'without headings'
complete -c vfio-variant -n '__fish_vfio_variant_has_verb list info explain check monitor' -l json -d 'for a program'

complete -c vfio-variant -n '__fish_vfio_variant_has_verb bind' -l driver -x -a '(__fish_vfio_variant_drivers | __fish_vfio_variant_value)' -d 'this driver or module, and no other'
complete -c vfio-variant -n '__fish_vfio_variant_has_verb bind' -l force -d 'although a guard says no, where that yields to force'
complete -c vfio-variant -n '__fish_vfio_variant_has_verb bind' -l dry-run -d 'tell what would be done, and what speaks against it'
complete -c vfio-variant -n '__fish_vfio_variant_has_verb bind' -l tagged -d 'only devices that are tagged'
complete -c vfio-variant -n '__fish_vfio_variant_has_verb bind unbind tag untag' -l group -d 'each with all of its IOMMU group that a guest can have'

complete -c vfio-variant -n '__fish_vfio_variant_has_verb tag untag' -l modalias -x -d 'all devices with a modalias like that'
complete -c vfio-variant -n '__fish_vfio_variant_has_verb tag untag' -l vfs-of -x -a '(__fish_vfio_variant_devices tag | __fish_vfio_variant_value)' -d 'the virtual functions of a device'
complete -c vfio-variant -n '__fish_vfio_variant_has_verb tag' -l force -d 'although something might use it'
complete -c vfio-variant -n '__fish_vfio_variant_has_verb tag' -l now -d 'bind what is there now, too'
complete -c vfio-variant -n '__fish_vfio_variant_has_verb tag' -l dry-run -d 'tell what would be done'
complete -c vfio-variant -n '__fish_vfio_variant_has_verb tag' -l pin -x -a '(__fish_vfio_variant_drivers | __fish_vfio_variant_value)' -d 'to this driver or module, whatever fits best'

for verb in info explain check bind unbind tag untag
    complete -c vfio-variant -n "__fish_vfio_variant_has_verb $verb" -a "(__fish_vfio_variant_devices $verb)"
end
