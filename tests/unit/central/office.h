/*
 * Somebody in the office, at the administrators' pages of the test's one world. Header only: each
 * test is one program.
 */
#ifndef TP_TEST_CENTRAL_OFFICE_H
#define TP_TEST_CENTRAL_OFFICE_H

#include "unit/central/world.h"

static struct world world;

/* Setups and the teardown of a test: nobody has signed in, or the administrator has. */
static inline int office_make(void **state)
{
    (void)state;
    world_make(&world);
    return 0;
}

static inline int office_make_signed_in(void **state)
{
    (void)office_make(state);
    world_sign_in(&world);
    return 0;
}

static inline int office_end(void **state)
{
    (void)state;
    world_end(&world);
    return 0;
}

static inline int get(const char *target, struct tp_exchange *exchange)
{
    return world_get(&world, target, exchange);
}

static inline int get_status(const char *target)
{
    return world_get_status(&world, target);
}

static inline int post(const char *target, const char *fields)
{
    struct tp_exchange exchange;
    int status = world_post(&world, target, fields, true, &exchange);

    tp_exchange_finish(&exchange);
    return status;
}

/* Adds a person, as the administrator who is signed in, and signs in as that person. */
static inline void office_sign_in_as(const char *name, const char *role)
{
    struct tp_exchange exchange;
    char fields[128];

    (void)snprintf(fields, sizeof(fields), "name=%s&password=long+enough+words&role=%s", name,
                   role);
    assert_int_equal(post("/people/add", fields), 303);
    assert_int_equal(
        world_status(&world, &(struct world_request){.method = "GET", .target = "/sign-in"}), 200);
    (void)snprintf(fields, sizeof(fields), "name=%s&password=long+enough+words", name);
    assert_int_equal(world_post(&world, "/sign-in", fields, true, &exchange), 303);
    tp_exchange_finish(&exchange);
}

static inline bool page_says(const char *target, const char *words)
{
    struct tp_exchange exchange;
    bool says;

    assert_int_equal(get(target, &exchange), 200);
    says = strstr(world_body(&exchange), words) != NULL;
    tp_exchange_finish(&exchange);
    return says;
}

struct upload_file {
    const char *name, *text;
};

/* Sends files as the form of the page of surveys does; the caller finishes `exchange`. */
static inline int upload_files(const struct upload_file *files, size_t count,
                               struct tp_exchange *exchange)
{
    struct tp_exchange named = {.person = 0};
    struct world_request request = {
        .method = "POST", .target = "/surveys", .type = WORLD_MULTIPART, .with_cookie = true};
    char token[64];
    struct tp_buf body;
    int status;

    (void)snprintf(named.session, sizeof(named.session), "%s", world.cookie);
    tp_access_form_token(&named, token);
    tp_buf_init(&body, TP_UPLOAD_MAX);
    (void)tp_buf_printf(&body,
                        "--" WORLD_BOUNDARY "\r\nContent-Disposition: form-data; "
                        "name=\"token\"\r\n\r\n%s\r\n",
                        token);
    for (size_t i = 0; i < count; i++)
        world_part(&body, "files", files[i].name, files[i].text, strlen(files[i].text));
    world_end_parts(&body);
    request.body = tp_buf_text(&body);
    request.length = body.length;
    status = world_ask(&world, &request, exchange);
    tp_buf_finish(&body);
    return status;
}

static inline int upload(const char *name, const char *text, struct tp_exchange *exchange)
{
    return upload_files(&(struct upload_file){name, text}, 1, exchange);
}

#endif
