/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The program that does nothing: what any dynamic C program costs, by which all others are
 * measured. */
int main(void) {
        return 0;
}
