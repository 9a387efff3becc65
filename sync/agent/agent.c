#include "agent/agent.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "store/outbox.h"

static bool take_lock(struct tp_agent *agent, struct tp_error *error)
{
    char *path = tp_asprintf("%s/" TP_AGENT_LOCK_FILE, agent->options->state);
    bool ok = false;

    if (!path)
        return tp_fail_memory(error);
    agent->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (agent->lock < 0)
        tp_fail_errno(error, errno, "cannot open '%s'", path);
    else if (flock(agent->lock, LOCK_EX | LOCK_NB) == 0)
        ok = true;
    else if (errno == EWOULDBLOCK)
        tp_fail(error, TP_ERR_CONFLICT,
                "another talkpoint-sync is at work on '%s'; leave it to it, or stop it first",
                agent->options->state);
    else
        tp_fail_errno(error, errno, "cannot lock '%s'", path);
    tp_free(path);
    return ok;
}

static bool open_store(struct tp_agent *agent, struct tp_error *error)
{
    struct tp_store_params params = {.clock = agent->clock};
    char *path = tp_asprintf("%s/" TP_IDENTITY_STORE_FILE, agent->options->state);

    if (!path)
        return tp_fail_memory(error);
    agent->store = tp_store_open(path, &params, error);
    tp_free(path);
    return agent->store;
}

bool tp_agent_open(struct tp_agent *agent, const struct tp_options *options, bool locked,
                   struct tp_error *error)
{
    *agent = (struct tp_agent){.options = options, .lock = -1, .wake.fds = {-1, -1}};
    agent->notify.fd = -1;
    agent->clock = tp_clock_system();
    agent->random = tp_random_system();
    (void)tp_zone_load(NULL, &agent->zone, NULL);
    if (!tp_dir_make(options->state, 0750, error) || (locked && !take_lock(agent, error)) ||
        !tp_wake_open(&agent->wake, options->state, error) || !open_store(agent, error))
        return false;
    return !locked || tp_outbox_release(agent->store, true, error);
}

void tp_agent_close(struct tp_agent *agent)
{
    tp_http_destroy(agent->http);
    tp_store_close(agent->store);
    tp_wake_close(&agent->wake);
    tp_notify_close(&agent->notify);
    tp_identity_wipe(&agent->identity);
    tp_zone_destroy(agent->zone);
    agent->zone = NULL;
    if (agent->lock >= 0)
        (void)close(agent->lock);
    agent->http = NULL;
    agent->store = NULL;
    agent->lock = -1;
}

static void stay_alive(struct tp_agent *agent, int64_t now_ms)
{
    if (agent->notify.watchdog_ms == 0 || now_ms - agent->alive_ms < agent->notify.watchdog_ms)
        return;
    tp_notify_send(&agent->notify, "WATCHDOG=1");
    agent->alive_ms = now_ms;
}

/* Called by the http object while requests are in flight. */
static bool tick(void *context)
{
    struct tp_agent *agent = context;
    int64_t now_ms = tp_clock_monotonic_ms(&agent->clock);

    stay_alive(agent, now_ms);
    tp_wake_read(&agent->wake);
    if (!agent->wake.stop)
        return true;
    if (agent->stop_ms == 0)
        agent->stop_ms = now_ms;
    return now_ms - agent->stop_ms < TP_AGENT_GRACE_MS;
}

bool tp_agent_may_go_on(void *context)
{
    struct tp_agent *agent = context;

    stay_alive(agent, tp_clock_monotonic_ms(&agent->clock));
    tp_wake_read(&agent->wake);
    return !agent->wake.stop;
}

int64_t tp_agent_line_closed_ms(const struct tp_agent *agent)
{
    struct tp_store_time now;

    if (agent->options->window.from == agent->options->window.until ||
        !tp_store_now(agent->store, &now, NULL))
        return 0;
    return tp_line_closed_ms(&agent->options->window,
                             now.ms +
                                 INT64_C(1000) * tp_zone_offset_at(agent->zone, now.ms / 1000));
}

void tp_agent_wait(struct tp_agent *agent, int64_t ms)
{
    int64_t limit = agent->notify.watchdog_ms;

    stay_alive(agent, tp_clock_monotonic_ms(&agent->clock));
    tp_wake_wait(&agent->wake, limit && limit < ms ? limit : ms);
}

/* `shown` is the address without a token. */
static struct tp_http *connect_with(struct tp_agent *agent, struct tp_http_options *http,
                                    const char *shown, struct tp_error *error)
{
    const struct tp_options *options = agent->options;

    http->ca_file = options->ca_file;
    http->proxy = options->proxy;
    http->connections = (size_t)options->connections;
    http->bytes_per_second = options->bytes_per_second;
    http->wake_fds = agent->wake.fds;
    http->wake_count = TP_WAKE_FDS;
    http->tick = tick;
    http->tick_context = agent;
    if (!options->insecure_http && !tp_http_url_is_private(http->store_url)) {
        tp_fail(error, TP_ERR_MISUSE,
                "'%s' is not https, so anybody on the way could take this screen's token; use "
                "https, or set insecure_http = yes under [sync]",
                shown);
        return NULL;
    }
    return tp_http_create(http, error);
}

struct tp_http *tp_agent_connect(struct tp_agent *agent, const char *store_url, const char *token,
                                 struct tp_error *error)
{
    struct tp_http_options http = {.store_url = store_url, .token = token};

    return connect_with(agent, &http, store_url, error);
}

struct tp_http *tp_agent_connect_as(struct tp_agent *agent, const struct tp_identity *identity,
                                    struct tp_error *error)
{
    char url[TP_IDENTITY_URL_MAX];
    struct tp_http_options options = {.store_url = url,
                                      .token = *identity->token ? identity->token : NULL,
                                      .auth = identity->auth,
                                      .user = identity->user,
                                      .openrosa_server = identity->kind == TP_STORE_OPENROSA};
    struct tp_http *http = tp_identity_url(identity, url, error)
                               ? connect_with(agent, &options, identity->store_url, error)
                               : NULL;

    tp_wipe(url, sizeof(url));
    return http;
}

bool tp_agent_identify(struct tp_agent *agent, struct tp_error *error)
{
    struct tp_identity identity;
    struct tp_http *http;
    bool ok =
        tp_identity_read(agent->options->state, agent->options->credentials, &identity, error);

    if (!ok)
        return false;
    http = tp_agent_connect_as(agent, &identity, error);
    if (http) {
        tp_http_destroy(agent->http);
        agent->http = http;
        agent->identity = identity;
    }
    tp_identity_wipe(&identity);
    return http;
}
