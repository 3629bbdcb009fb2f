/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What packagers' tools read to learn of a library that is only loaded: the UAPI Group's "ELF
 * metadata for dlopen() dependencies".
 */
#pragma once

#define LIBKMOD "libkmod.so.2"

/* FEATURE and DESCRIPTION are string literals. The type of the note is given by that text. */
#define DEFINE_LIBKMOD_NOTE(feature, description)                                                  \
        __attribute__((used, section(".note.dlopen"))) _Alignas(4) static const struct {           \
                unsigned name_size, text_size, type;                                               \
                char name[4];                                                                      \
                _Alignas(4) char text[sizeof(LIBKMOD_NOTE(feature, description))];                 \
        } dlopen_note = {                                                                          \
                .name_size = sizeof("FDO"),                                                        \
                .text_size = sizeof(LIBKMOD_NOTE(feature, description)),                           \
                .type = 0x407c0c0a,                                                                \
                .name = "FDO",                                                                     \
                .text = LIBKMOD_NOTE(feature, description),                                        \
        }

#define LIBKMOD_NOTE(feature, description)                                                         \
        "[{\"soname\":[\"" LIBKMOD "\"],\"feature\":\"" feature "\","                              \
        "\"description\":\"" description "\",\"priority\":\"recommended\"}]"
