/* kill -9 of talkpoint-sync at random points, while answers are saved beside it: in the end every
 * answer is at the store with its own bytes and none is left; a survey is there whole or not. */
#include "tp_test.h"

#include "agent/do/fetch.h"
#include "agent/do/packages.h"
#include "faults/tally.h"
#include "unit/agent/program.h"
#include "unit/agent/rounds.h"

#define KILLS 60
/* Enough that groups are deleted beside the sends. */
#define ANSWERS_EACH 60

static struct program program;
static uint64_t seed = 20261123;

static int set_up(void **state)
{
    (void)state;
    if (rounds_start(NULL) != 0)
        return -1;
    surveys.time_ms = tp_clock_wall_ms(&device.clock);
    program_enrol(&device, fake.server.url, &fake.pair.key);
    return 0;
}

static int tear_down(void **state)
{
    program_forget(&program);
    return rounds_stop(state);
}

static size_t seen(void)
{
    size_t count;

    (void)pthread_mutex_lock(&fake.mutex);
    count = fake.submissions;
    (void)pthread_mutex_unlock(&fake.mutex);
    return count;
}

static void killed_while_sending_nothing_is_lost_or_doubled(void **state)
{
    static const char *const none[] = {NULL};
    struct tp_random random = tp_random_seeded(&seed);
    struct tp_outbox_counts counts;
    size_t put = 0;
    size_t again;

    (void)state;
    for (int i = 0; i < KILLS; i++) {
        size_t aim = seen() + 1 + tp_random_below(&random, ANSWERS_EACH);

        device_put(&device, ANSWERS_EACH, NULL);
        put += ANSWERS_EACH;
        program_start(&program, &device, none);
        assert_true(fake_await(&fake, aim));
        /* Some die with answers in flight, some with receipts not yet acted on. */
        if (tp_random_below(&random, 2)) {
            device_put(&device, 1, NULL);
            put++;
        }
        assert_int_equal(kill(program.pid, SIGKILL), 0);
        assert_int_equal(program_wait(&program), 128 + SIGKILL);
    }
    assert_int_equal(RUN(&program, &device, "--once"), 0);
    counts = device_counts(&device);
    assert_int_equal(counts.waiting, 0);
    assert_int_equal(counts.quarantined, 0);
    assert_int_equal(counts.sent, put);
    assert_int_equal(fake_taken(&fake, &again), put);
    assert_int_equal(fake.altered, 0);
    faults.injected += KILLS;
    print_message("%d kills, %zu answers, %zu sent again with the same bytes\n", KILLS, put, again);
}

#define VERSIONS 26

/* The film's hash in each version. */
static char film_md5[VERSIONS + 2][40];

static bool file_is(const char *name, const char *file, const char *md5)
{
    char path[TP_PACKAGE_PATH_MAX];

    assert_true(tp_packages_path(device.folder, false, name, file, path, NULL));
    return tp_file_has_md5(path, md5 + 4);
}

/* The version that the survey's link leads to, whole in every file; 0 where there is none. */
static int whole_version(const struct survey *survey)
{
    char name[TP_PACKAGE_NAME_MAX];
    char path[TP_PACKAGE_PATH_MAX];
    int version;

    if (!tp_packages_current(device.folder, survey->id, name))
        return 0;
    assert_true(tp_packages_path(device.folder, false, name, TP_PACKAGE_VERSION_FILE, path, NULL));
    version = (int)strtol(file_text(path), NULL, 10);
    assert_in_range(version, 1, VERSIONS + 1);
    for (size_t i = 0; i < survey->count; i++) {
        char md5[40];

        survey_md5(survey->files[i].bytes, survey->files[i].count, md5);
        assert_true(
            file_is(name, survey->files[i].name,
                    strcmp(survey->files[i].name, "film.mp4") == 0 ? film_md5[version] : md5));
    }
    return version;
}

static size_t file_requests(void)
{
    size_t count;

    (void)pthread_mutex_lock(&fake.mutex);
    count = surveys.file_requests;
    (void)pthread_mutex_unlock(&fake.mutex);
    return count;
}

static void publish(struct survey *survey, int version, char *film, size_t size)
{
    (void)pthread_mutex_lock(&fake.mutex);
    film[version] ^= 1;
    (void)snprintf(survey->version, sizeof(survey->version), "%d", version);
    survey_put(survey, "film.mp4", film, size);
    survey_md5(film, size, film_md5[version]);
    (void)pthread_mutex_unlock(&fake.mutex);
}

static void killed_while_fetching_a_survey_is_whole_or_not_there(void **state)
{
    static const char *const once[] = {"--once", NULL};
    struct survey *survey = survey_add(&surveys, "film", "1");
    struct tp_random random = tp_random_seeded(&seed);
    static char film[2000000];
    int version = 1;
    size_t kills = 0;

    (void)state;
    tp_random_fill(&random, film, sizeof(film));
    survey_put(survey, "form.xml", "<f/>", 4);
    survey_put(survey, "picture.png", film, 70000);
    publish(survey, version, film, sizeof(film));
    for (int i = 0; i < VERSIONS; i++) {
        size_t before = file_requests();
        bool over = false;
        int whole;

        program_start(&program, &device, once);
        /* Until a file is asked for; then at once, or a little later. */
        while (!over && file_requests() == before)
            over = waitpid(program.pid, NULL, WNOHANG) == program.pid;
        for (uint32_t spin = tp_random_below(&random, 20000000); !over && spin > 0; spin--)
            __asm__ volatile("");
        if (!over) {
            assert_int_equal(kill(program.pid, SIGKILL), 0);
            (void)program_wait(&program);
            kills++;
        }
        whole = whole_version(survey);
        assert_true(whole <= version);
        if (whole == version)
            publish(survey, ++version, film, sizeof(film));
    }
    assert_int_equal(RUN(&program, &device, "--once"), 0);
    assert_int_equal(whole_version(survey), version);
    assert_true(kills > 0);
    faults.injected += kills;
    print_message("%zu kills, %d versions\n", kills, version);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(killed_while_sending_nothing_is_lost_or_doubled, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(killed_while_fetching_a_survey_is_whole_or_not_there,
                                        set_up, tear_down),
    };

    return faults_end(cmocka_run_group_tests(tests, NULL, NULL));
}
