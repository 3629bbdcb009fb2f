/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A note in the ELF file of each library that is loaded with dlopen(3). */
#pragma once

/*
 * Packaging tools read from this note that a library is loaded at run time: the UAPI Group's "ELF
 * metadata for dlopen() dependencies", which also defines the type of the note. The arguments are
 * string literals.
 */
#define DEFINE_DLOPEN_NOTE(soname, feature, description)                                           \
        __attribute__((used, section(".note.dlopen"))) _Alignas(4) static const struct {           \
                unsigned name_size, text_size, type;                                               \
                char name[4];                                                                      \
                _Alignas(4) char text[sizeof(DLOPEN_NOTE(soname, feature, description))];          \
        } dlopen_note = {                                                                          \
                .name_size = sizeof("FDO"),                                                        \
                .text_size = sizeof(DLOPEN_NOTE(soname, feature, description)),                    \
                .type = 0x407c0c0a,                                                                \
                .name = "FDO",                                                                     \
                .text = DLOPEN_NOTE(soname, feature, description),                                 \
        }

#define DLOPEN_NOTE(soname, feature, description)                                                  \
        "[{\"soname\":[\"" soname "\"],\"feature\":\"" feature "\","                               \
        "\"description\":\"" description "\",\"priority\":\"recommended\"}]"
