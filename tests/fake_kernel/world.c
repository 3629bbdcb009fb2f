/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The description of the world, line by line; the commands of a test are such lines as well. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "memory.h"
#include "node.h"
#include "order.h"

static int do_bus(struct kernel *kernel, const struct words *words, char **ret_answer) {
        (void)ret_answer;
        if (bus_find(kernel, words->word[1]))
                return -EEXIST;
        (void)bus_add(kernel, words->word[1]);
        return 0;
}

static int do_module(struct kernel *kernel, const struct words *words, char **ret_answer) {
        struct module *module;

        (void)ret_answer;
        if (module_find(kernel, words->word[1]))
                return -EEXIST;
        module = memory_new(sizeof(*module));
        *module = (struct module){
                .name = words->word[1],
                .builtin = words_have(words, "builtin"),
                .next = kernel->modules,
        };
        kernel->modules = module;
        return module->builtin || words_have(words, "loaded") ? module_load(kernel, module) : 0;
}

static enum vfio vfio_of(const struct words *words) {
        if (words_have(words, "vfio-cdev"))
                return VFIO_CDEV;
        if (words_have(words, "vfio-old"))
                return VFIO_OLD;
        return words_have(words, "vfio") ? VFIO_DEV : VFIO_NO;
}

static void add_ids(struct driver *driver, const struct words *words) {
        driver->ids = memory_new((size_t)words->n * sizeof(*driver->ids));
        for (int i = 3; i < words->n; i++)
                if (strncmp(words->word[i], "id=", 3) == 0)
                        driver->ids[driver->n_ids++] = words->word[i] + 3;
}

/* Drivers are asked in the order of their registration, which is that of the description. */
static int do_driver(struct kernel *kernel, const struct words *words, char **ret_answer) {
        const char *module = words_value(words, "module");
        const char *refuses = words_value(words, "refuses");
        struct driver *driver = memory_new(sizeof(*driver)), **last = &kernel->drivers;

        (void)ret_answer;
        *driver = (struct driver){
                .bus = bus_find(kernel, words->word[1]),
                .module = module ? module_find(kernel, module) : NULL,
                .name = words->word[2],
                .vfio = vfio_of(words),
                .refusal = refuses ? -order_errno(refuses) : 0,
        };
        if (!driver->bus || (module && !driver->module) || driver->refusal > 0)
                return -EINVAL;
        add_ids(driver, words);
        while (*last)
                last = &(*last)->next;
        *last = driver;
        if (!driver->module || driver->module->directory)
                driver_register(kernel, driver);
        return 0;
}

static int do_device(struct kernel *kernel, const struct words *words, char **ret_answer) {
        (void)ret_answer;
        return device_add(kernel, words);
}

static int do_child(struct kernel *kernel, const struct words *words, char **ret_answer) {
        struct device *device = device_find(kernel, words->word[1]);

        (void)ret_answer;
        if (!device)
                return -ENODEV;
        device_add_child(kernel, device, words);
        return 0;
}

/* "file PATH VALUE": one that is there gets that value. */
static int do_file(struct kernel *kernel, const struct words *words, char **ret_answer) {
        struct node *file = node_find_path(kernel->root, words->word[1]);
        char *path = memory_text(words->word[1]), *name = strrchr(path, '/');

        (void)ret_answer;
        if (!name)
                return -EINVAL;
        *name++ = '\0';
        if (!file)
                file = node_add_file(node_make_path(kernel->root, path), name, "");
        node_set_text(file, words->word[2]);
        return 0;
}

static int do_directory(struct kernel *kernel, const struct words *words, char **ret_answer) {
        (void)ret_answer;
        (void)node_make_path(kernel->root, words->word[1]);
        return 0;
}

static int do_link(struct kernel *kernel, const struct words *words, char **ret_answer) {
        char *path = memory_text(words->word[1]), *name = strrchr(path, '/');

        (void)ret_answer;
        if (!name)
                return -EINVAL;
        *name++ = '\0';
        (void)node_add_path_link(node_make_path(kernel->root, path), name, words->word[2]);
        return 0;
}

static int do_load(struct kernel *kernel, const struct words *words, char **ret_answer) {
        struct module *module = module_find(kernel, words->word[1]);

        (void)ret_answer;
        return module ? module_load(kernel, module) : -ENOENT;
}

static int do_remove(struct kernel *kernel, const struct words *words, char **ret_answer) {
        struct device *device = device_find(kernel, words->word[1]);

        (void)ret_answer;
        if (!device)
                return -ENODEV;
        device_remove(kernel, device);
        return 0;
}

/* "swap SYSNAME KEY=VALUE...": out, and another one in, like it but for what is said. */
static int do_swap(struct kernel *kernel, const struct words *words, char **ret_answer) {
        struct device *device = device_find(kernel, words->word[1]);
        struct words joined;

        (void)ret_answer;
        if (!device)
                return -ENODEV;
        joined = words_join(&device->words, words, 2);
        device_remove(kernel, device);
        return device_add(kernel, &joined);
}

static int do_refuse(struct kernel *kernel, const struct words *words, char **ret_answer) {
        struct driver *driver = driver_find(kernel, words->word[1]);
        int error = order_errno(words->word[2]);

        (void)ret_answer;
        if (!driver || error < 0)
                return -EINVAL;
        driver->refusal = -error;
        return 0;
}

static int do_on(struct kernel *kernel, const struct words *words, char **ret_answer) {
        (void)ret_answer;
        return order_add(kernel, words);
}

static int do_forget(struct kernel *kernel, const struct words *words, char **ret_answer) {
        (void)words;
        (void)ret_answer;
        kernel->orders = NULL;
        return 0;
}

static int do_reset(struct kernel *kernel, const struct words *words, char **ret_answer) {
        (void)words;
        (void)ret_answer;
        kernel_reset(kernel);
        return 0;
}

/* "SYSNAME#SERIAL DRIVER OVERRIDE"; "-" for none. */
static void print_device(const struct device *device, FILE *to) {
        char *name = words_escape(device->name);
        char *driver = words_escape(device->driver ? device->driver->name : "-");
        char *override = words_escape(device->override ? device->override : "-");

        (void)fprintf(to, "%s#%u %s %s\n", name, device->serial, driver, override);
        free(name);
        free(driver);
        free(override);
}

static int do_state(struct kernel *kernel, const struct words *words, char **ret_answer) {
        size_t size;
        FILE *to = open_memstream(ret_answer, &size);

        (void)words;
        if (!to)
                return -ENOMEM;
        for (const struct device *device = kernel->devices; device; device = device->next)
                print_device(device, to);
        return fclose(to) == 0 ? 0 : -ENOMEM;
}

static int do_count(struct kernel *kernel, const struct words *words, char **ret_answer) {
        (void)words;
        *ret_answer = memory_format("%lu %lu\n", kernel->n_requests, kernel->n_steps);
        return 0;
}

static const struct {
        const char *name;
        int n_words; /* at least, the name among them */
        int (*run)(struct kernel *kernel, const struct words *words, char **ret_answer);
} verbs[] = {
        {"bus", 2, do_bus},
        {"module", 2, do_module},
        {"driver", 3, do_driver},
        {"device", 3, do_device},
        {"child", 4, do_child},
        {"file", 3, do_file},
        {"directory", 2, do_directory},
        {"link", 3, do_link},
        {"load", 2, do_load},
        {"remove", 2, do_remove},
        {"swap", 2, do_swap},
        {"refuse", 3, do_refuse},
        {"on", 4, do_on},
        {"forget", 1, do_forget},
        {"reset", 1, do_reset},
        {"state", 1, do_state},
        {"count", 1, do_count},
};

int world_line(struct kernel *kernel, const char *line, char **ret_answer) {
        struct words words = words_of(line);
        int r = -ENOSYS;

        if (words.n == 0)
                return 0;
        for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
                if (strcmp(verbs[i].name, words.word[0]) == 0)
                        r = words.n < verbs[i].n_words ? -EINVAL
                                                       : verbs[i].run(kernel, &words, ret_answer);
        if (r < 0)
                *ret_answer = memory_format("%s: %s", strerrorname_np(-r), line);
        return r;
}
