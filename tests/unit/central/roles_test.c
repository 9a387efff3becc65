/* Who is let in where: every address of the store, and everybody who may come to it. */
#include "unit/central/office.h"

/* The least who may: a route that is not here fails the test, so that nobody adds one without a
 * thought to this. */
enum who { NOBODY, SCREEN, VIEWER, OFFICER, ADMINISTRATOR, WHO_COUNT };

static const struct {
    enum tp_method method;
    const char *pattern;
    enum who least;
} doors[] = {
    {TP_POST, "/submission", SCREEN},
    {TP_POST, "/talkpoint/submissions", SCREEN},
    {TP_HEAD, "/submission", SCREEN},
    {TP_GET, "/formList", SCREEN},
    {TP_GET, "/forms/*/*/form.xml", SCREEN},
    {TP_GET, "/forms/*/*/manifest", SCREEN},
    {TP_GET, "/forms/*/*/media/*", SCREEN},
    {TP_POST, "/talkpoint/enrolments", NOBODY},
    {TP_POST, "/talkpoint/enrolments/*/claim", NOBODY},
    {TP_POST, "/talkpoint/heartbeat", SCREEN},
    {TP_GET, "/talkpoint/notices", SCREEN},
    {TP_GET, "/sign-in", NOBODY},
    {TP_POST, "/sign-in", NOBODY},
    {TP_POST, "/sign-out", VIEWER},
    {TP_GET, "/", VIEWER},
    {TP_GET, "/surveys", VIEWER},
    {TP_GET, "/surveys/*", VIEWER},
    {TP_POST, "/surveys/*/keep", ADMINISTRATOR},
    {TP_POST, "/surveys", OFFICER},
    {TP_POST, "/surveys/*/close", OFFICER},
    {TP_POST, "/surveys/*/open", OFFICER},
    {TP_GET, "/notices", VIEWER},
    {TP_GET, "/notices/new", OFFICER},
    {TP_POST, "/notices", OFFICER},
    {TP_GET, "/notices/*", VIEWER},
    {TP_POST, "/notices/*", OFFICER},
    {TP_POST, "/notices/*/show", OFFICER},
    {TP_POST, "/notices/*/withdraw", OFFICER},
    {TP_GET, "/notices/*/words/*", OFFICER},
    {TP_POST, "/notices/*/words/*", OFFICER},
    {TP_GET, "/screens", VIEWER},
    {TP_POST, "/screens/approve", OFFICER},
    {TP_POST, "/screens/refuse", OFFICER},
    {TP_GET, "/screens/*/revoke", OFFICER},
    {TP_POST, "/screens/*/revoke", OFFICER},
    {TP_GET, "/responses", VIEWER},
    {TP_GET, "/responses/*", OFFICER},
    {TP_GET, "/responses/*/download", OFFICER},
    {TP_POST, "/phones", ADMINISTRATOR},
    {TP_GET, "/withdraw", ADMINISTRATOR},
    {TP_POST, "/withdraw", ADMINISTRATOR},
    {TP_POST, "/withdraw/find", ADMINISTRATOR},
    {TP_GET, "/quarantine", ADMINISTRATOR},
    {TP_GET, "/quarantine/*/discard", ADMINISTRATOR},
    {TP_GET, "/quarantine/*/swap", ADMINISTRATOR},
    {TP_POST, "/quarantine/*/discard", ADMINISTRATOR},
    {TP_POST, "/quarantine/*/swap", ADMINISTRATOR},
    {TP_GET, "/log", ADMINISTRATOR},
    {TP_POST, "/people/*/role", ADMINISTRATOR},
    {TP_GET, "/people", VIEWER},
    {TP_POST, "/people/add", ADMINISTRATOR},
    {TP_POST, "/people/password", VIEWER},
    {TP_GET, "/people/*/remove", ADMINISTRATOR},
    {TP_POST, "/people/*/remove", ADMINISTRATOR},
    {TP_GET, "/metrics", NOBODY}, /* looks itself (api_test) */
    {TP_GET, "/static/style.css", NOBODY},
};
#define DOOR_COUNT (sizeof(doors) / sizeof(doors[0]))

/* Each one's session. */
static char cookies[WHO_COUNT][sizeof(world.cookie)];

/* What somebody is answered before anything of the body is looked at; 0: let in. */
static int knock(enum who who, enum tp_method method, const char *target)
{
    static const char *const names[] = {[TP_GET] = "GET", [TP_HEAD] = "HEAD", [TP_POST] = "POST"};
    const struct world_request request = {
        .method = names[method], .target = target, .type = WORLD_MULTIPART};
    struct world_headers headers = {.request = &request, .length = "0"};
    struct tp_exchange exchange;
    int status;

    if (who == SCREEN)
        (void)snprintf(headers.authorization, sizeof(headers.authorization), "Bearer %s",
                       world.token);
    if (who >= VIEWER)
        (void)snprintf(headers.cookie, sizeof(headers.cookie), "talkpoint=%s", cookies[who]);
    tp_exchange_init(&exchange);
    exchange.method = method;
    exchange.target = tp_strdup(target);
    exchange.header = world_header;
    exchange.source = &headers;
    exchange.remote = "192.0.2.7";
    exchange.started_wall_ms = world.time.wall;
    tp_app_begin(&world.central, &exchange);
    status = exchange.refused ? exchange.response.status : 0;
    tp_app_over(&world.central, &exchange);
    tp_exchange_finish(&exchange);
    return status;
}

/* A screen's token opens no page, and who signed in is no screen. */
static int wanted(enum who who, enum who least)
{
    if (least == NOBODY)
        return 0;
    if (least == SCREEN)
        return who == SCREEN ? 0 : 401;
    if (who < VIEWER)
        return 303;
    return who >= least ? 0 : 403;
}

static void check_door(const struct tp_route *route)
{
    char target[64] = "";
    size_t door = 0;

    while (door < DOOR_COUNT && (doors[door].method != route->method ||
                                 strcmp(doors[door].pattern, route->pattern) != 0))
        door++;
    if (door == DOOR_COUNT)
        fail_msg("nobody said who may use '%s'", route->pattern);
    for (size_t i = 0; route->pattern[i]; i++)
        target[i] = route->pattern[i];
    for (char *star = target; (star = strchr(star, '*'));)
        *star = '1';
    for (int who = NOBODY; who < WHO_COUNT; who++) {
        int status = knock((enum who)who, route->method, target);

        if (status != wanted((enum who)who, doors[door].least))
            fail_msg("'%s' answers %d to %d", route->pattern, status, who);
    }
}

static void every_address_lets_in_whom_it_should_and_nobody_else(void **state)
{
    static const struct {
        enum who who;
        const char *name, *role;
    } people[] = {{VIEWER, "victor", "viewer"}, {OFFICER, "olive", "officer"}};
    size_t routes = 0;

    (void)state;
    memcpy(cookies[ADMINISTRATOR], world.cookie, sizeof(world.cookie));
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
        memcpy(world.cookie, cookies[ADMINISTRATOR], sizeof(world.cookie));
        office_sign_in_as(people[i].name, people[i].role);
        memcpy(cookies[people[i].who], world.cookie, sizeof(world.cookie));
    }
    for (; tp_routes[routes].handle; routes++)
        check_door(&tp_routes[routes]);
    assert_int_equal(routes, DOOR_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_address_lets_in_whom_it_should_and_nobody_else,
                                        office_make_signed_in, office_end),
    };

    return databases_run(tests);
}
