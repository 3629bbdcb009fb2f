# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion of vfio-variant(8) for fish.

function __fish_vfio_variant_command --description 'The command on the command line'
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case -o --output --driver --pin --vfs-of --modalias
                set skip 1
            case '-*'
            case '*'
                echo $word
                return
        end
    end
end

function __fish_vfio_variant_has_no_command
    test -z (__fish_vfio_variant_command | string collect)
end

function __fish_vfio_variant_has_command --description 'Whether the command is one of these'
    contains -- (__fish_vfio_variant_command | string collect) $argv
end

# With COLUMNS empty no cell is truncated.
function __fish_vfio_variant_list --description 'vfio-variant list without the header line: COLUMNS [OPTION...]'
    env COLUMNS= vfio-variant list --no-legend --output=$argv[1] $argv[2..-1] 2>/dev/null
end

function __fish_vfio_variant_devices --argument-names name --description 'The devices that a command may be for, with their names'
    set -l options
    switch $name
        case info
            set options --all
        case untag
            set options --tagged
    end
    for line in (__fish_vfio_variant_list ADDRESS,TYPE,NAME $options)
        set -l cells (string match -r '^(\S+) +(\S+) *(.*)$' -- $line)
        test (count $cells) -ge 3; or continue
        test "$name" = unbind -a "$cells[3]" = native; and continue
        printf '%s\t%s\n' $cells[2] "$cells[4]"
    end
end

function __fish_vfio_variant_drivers --description 'VFIO drivers that are the choice of a device here, and those that are loaded'
    __fish_vfio_variant_list VARIANT | string match -rv '^(unknown)?$'
    for path in /sys/bus/*/drivers/*vfio*
        string replace -r '.*/' '' -- $path
    end
end

function __fish_vfio_variant_columns --description 'The columns of list, each after those that are given'
    set -l before (string replace -r '^(--output=|-o)' '' -- (commandline -ct) | string match -r '^.*,')
    for column in ADDRESS NAME DRIVER VARIANT GROUP STATE TYPE TAG VENDOR IDS MODALIAS PHYSFN
        echo "$before$column"
    end
end

# A match elsewhere in it would have fish replace the option, too.
function __fish_vfio_variant_value --description 'Lines of standard input that begin as the value after --OPTION='
    set -l value (string replace -r -f '^--[^=]+=' '' -- (commandline -ct))
    while read -l line
        test (string sub -l (string length -- "$value") -- $line) = "$value"; and echo $line
    end
end

complete -c vfio-variant -f

complete -c vfio-variant -n __fish_vfio_variant_has_no_command -a list -d 'List devices, their drivers, and whether they can be bound'
complete -c vfio-variant -n __fish_vfio_variant_has_no_command -a info -d 'Show all properties of a device'
complete -c vfio-variant -n __fish_vfio_variant_has_no_command -a explain -d 'Show which drivers match a device, and why one is the choice'
complete -c vfio-variant -n __fish_vfio_variant_has_no_command -a check -d 'Report what prevents devices from being bound or assigned'
complete -c vfio-variant -n __fish_vfio_variant_has_no_command -a monitor -d 'Print changes of devices and drivers'
complete -c vfio-variant -n __fish_vfio_variant_has_no_command -a bind -d 'Bind devices to their VFIO driver'
complete -c vfio-variant -n __fish_vfio_variant_has_no_command -a unbind -d 'Bind devices to their native driver again'
complete -c vfio-variant -n __fish_vfio_variant_has_no_command -a tag -d 'Bind devices automatically'
complete -c vfio-variant -n __fish_vfio_variant_has_no_command -a untag -d 'Stop binding devices automatically'
complete -c vfio-variant -n __fish_vfio_variant_has_no_command -s V -l version -d 'Print the version'
complete -c vfio-variant -s h -l help -d 'Print a help'
complete -c vfio-variant -n __fish_vfio_variant_has_no_command -s n -l dry-run -d 'Print what would be done, and change nothing'
complete -c vfio-variant -n __fish_vfio_variant_has_no_command -l json -d 'Print JSON'

complete -c vfio-variant -n '__fish_vfio_variant_has_command list' -l all -d 'List all devices, also bridges'
complete -c vfio-variant -n '__fish_vfio_variant_has_command list' -l tagged -d 'List only tagged devices'
complete -c vfio-variant -n '__fish_vfio_variant_has_command list' -s o -l output -x -a '(__fish_vfio_variant_columns | __fish_vfio_variant_value)' -d 'Print these columns'
complete -c vfio-variant -n '__fish_vfio_variant_has_command list' -l no-legend -d 'Do not print the header line'
complete -c vfio-variant -n '__fish_vfio_variant_has_command list info explain check monitor' -l json -d 'Print JSON'

complete -c vfio-variant -n '__fish_vfio_variant_has_command bind unbind tag untag' -s n -l dry-run -d 'Print what would be done, and change nothing'
complete -c vfio-variant -n '__fish_vfio_variant_has_command bind unbind tag untag' -l group -d 'Each device with all members of its IOMMU group'
complete -c vfio-variant -n '__fish_vfio_variant_has_command bind' -l driver -x -a '(__fish_vfio_variant_drivers | __fish_vfio_variant_value)' -d 'Bind to this driver or module, and to no other'
complete -c vfio-variant -n '__fish_vfio_variant_has_command bind' -l force -d 'Override the guards that can be overridden'
complete -c vfio-variant -n '__fish_vfio_variant_has_command bind' -l tagged -d 'Bind only tagged devices'

complete -c vfio-variant -n '__fish_vfio_variant_has_command tag untag' -l modalias -x -d 'All devices whose modalias matches a pattern'
complete -c vfio-variant -n '__fish_vfio_variant_has_command tag untag' -l vfs-of -x -a '(__fish_vfio_variant_devices tag | __fish_vfio_variant_value)' -d 'The virtual functions of a device'
complete -c vfio-variant -n '__fish_vfio_variant_has_command tag' -l force -d 'Override guards when the device is bound'
complete -c vfio-variant -n '__fish_vfio_variant_has_command tag' -l now -d 'Also bind the devices that are present'
complete -c vfio-variant -n '__fish_vfio_variant_has_command tag untag' -l initramfs -d 'Also update the initramfs image'
complete -c vfio-variant -n '__fish_vfio_variant_has_command tag' -l pin -x -a '(__fish_vfio_variant_drivers | __fish_vfio_variant_value)' -d 'Bind to this driver or module instead of the choice'

for name in info explain check bind unbind tag untag
    complete -c vfio-variant -n "__fish_vfio_variant_has_command $name" -a "(__fish_vfio_variant_devices $name)"
end
