#include "agent/decide/window.h"

size_t tp_window_after_failure(size_t window)
{
    return window > 1 ? window / 2 : 1;
}

size_t tp_window_after_receipt(size_t window, size_t most, int64_t took_ms)
{
    if (took_ms > TP_WINDOW_SLOW_MS)
        return tp_window_after_failure(window);
    if (took_ms > TP_WINDOW_QUICK_MS)
        return window;
    return window < most / 2 ? window * 2 : most;
}
