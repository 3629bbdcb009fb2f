/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* main() of the helper as a function that can be called many times. */
#define main program_main
#include "vfio_variant_id.c" // NOLINT(bugprone-suspicious-include): main() is in it
#undef main

#include "ask.h"

int vfio_variant_id_main(int argc, char **argv) {
        int status = program_main(argc, argv);

        choice_source_close(source);
        source = NULL;
        return status;
}
