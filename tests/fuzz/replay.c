/* Runs a fuzzer's corpus once, without libFuzzer: every file of the folders named on the command
 * line. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/file.h"

#define INPUT_MAX (8u * 1024u * 1024u)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    int count = 0;

    if (!dir) {
        (void)fprintf(stderr, "no corpus '%s'\n", folder);
        return 0;
    }
    while ((entry = readdir(dir))) {
        char path[4096];
        struct tp_buf input;
        struct tp_error error;

        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        tp_buf_init(&input, INPUT_MAX);
        if (tp_file_read(path, &input, &error)) {
            (void)LLVMFuzzerTestOneInput((const uint8_t *)tp_buf_text(&input), input.length);
            count++;
        }
        tp_buf_finish(&input);
    }
    (void)closedir(dir);
    return count;
}

int main(int argc, char **argv)
{
    int count = 0;

    for (int i = 1; i < argc; i++)
        count += replay_folder(argv[i]);
    printf("%d inputs replayed\n", count);
    return count ? 0 : 1;
}
