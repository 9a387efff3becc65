#include "kiosk/app_scan.h"

#include "kiosk/app.h"

/* The paces to choose from, in milliseconds. */
static const long paces[TP_SCAN_STEPS] = {8000, 6500, 5000, 4000, 3000, 2500, 2000,
                                          1750, 1500, 1250, 1000, 800,  600,  400};

static int64_t now_ms(const struct tp_app *app)
{
    return tp_clock_monotonic_ms(&app->clock);
}

static void wait(struct tp_app *app)
{
    app->scan.due = now_ms(app) + app->person.scan_ms;
}

static void move(struct tp_app *app)
{
    struct tp_intent intent = {.kind = TP_INTENT_NEXT, .by_key = true};
    struct tp_action action;

    (void)tp_ui_handle(app->ui, &intent, &action);
    tp_listen_focus(app, &intent);
}

/* From the top of the page, or on from where the focus is. */
static void start(struct tp_app *app)
{
    app->scan.rests = false;
    app->scan.rounds = 0;
    app->scan.page = tp_ui_page_serial(app->ui);
    tp_ui_set_reach(app->ui, TP_REACH_ROWS);
    wait(app);
}

bool tp_scan_press(struct tp_app *app, struct tp_intent *intent)
{
    struct tp_scan *scan = &app->scan;
    bool starts = !scan->on || scan->rests || !tp_ui_focused(app->ui);

    scan->on = true;
    if (starts) {
        start(app);
        if (!tp_ui_focused(app->ui))
            move(app);
        return false;
    }
    scan->rounds = 0;
    wait(app);
    if (tp_ui_reach(app->ui) == TP_REACH_ROWS && tp_ui_focus_is_key(app->ui)) {
        tp_ui_set_reach(app->ui, TP_REACH_ROW);
        tp_listen_here(app);
        return false;
    }
    *intent = (struct tp_intent){.kind = TP_INTENT_SELECT, .by_key = true};
    return true;
}

void tp_scan_end(struct tp_app *app)
{
    if (app->scan.on)
        tp_ui_set_reach(app->ui, TP_REACH_ALL);
    app->scan = (struct tp_scan){0};
}

void tp_scan_again(struct tp_app *app)
{
    if (app->scan.on)
        start(app);
}

/* A round is over: enough of them in a row of keys go back to the rows, of the page to a rest. */
static bool may_go_on(struct tp_app *app)
{
    bool in_row = tp_ui_reach(app->ui) == TP_REACH_ROW;

    if (!tp_ui_focus_is_first(app->ui))
        return true;
    app->scan.rounds++;
    if (in_row && app->scan.rounds > TP_SCAN_ROW_ROUNDS) {
        app->scan.rounds = 0;
        tp_ui_set_reach(app->ui, TP_REACH_ROWS);
        return true;
    }
    if (in_row || app->scan.rounds <= app->settings.scan_rounds)
        return true;
    app->scan.rests = true;
    return false;
}

int64_t tp_scan_tick(struct tp_app *app)
{
    struct tp_scan *scan = &app->scan;
    int64_t now = now_ms(app);

    if (!scan->on || scan->rests)
        return -1;
    if (scan->page != tp_ui_page_serial(app->ui))
        start(app);
    /* What is said is heard to its end, and then there is time to press. */
    if (tp_listen_busy(app))
        wait(app);
    if (now < scan->due)
        return scan->due - now;
    move(app);
    if (!may_go_on(app))
        return -1;
    wait(app);
    return scan->due - now;
}

int tp_scan_step(const struct tp_app *app)
{
    int step = 0;

    while (step + 1 < TP_SCAN_STEPS && paces[step] > app->person.scan_ms)
        step++;
    return step;
}

void tp_scan_set_step(struct tp_app *app, int step)
{
    if (step >= 0 && step < TP_SCAN_STEPS)
        app->person.scan_ms = paces[step];
}
