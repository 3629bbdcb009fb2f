/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words for the library's numbers: for a person, and in JSON the same. */
#pragma once

/* All are static. A number that has no word is "other"; one below 0, an error, is NULL. */
const char *word_of_type(int type);
const char *word_of_evidence(int evidence);
const char *word_of_origin(int origin);
const char *word_of_verdict(int verdict);
const char *word_of_candidate_origin(int origin);
const char *word_of_rule(int rule);
