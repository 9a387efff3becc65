/*
 * Closes the only window on $DISPLAY as a window manager does when its cross is clicked: a
 * WM_DELETE_WINDOW message (ICCCM 4.1.2.7, 4.2.8.1). X11 is opened at run time, since nothing else
 * of the project links it.
 */
#include <X11/Xlib.h>
#include <dlfcn.h>
#include <stdio.h>

#define WANT(name) ((__typeof__(&name))dlsym(x11, #name))

/* The first child of the root that takes the message; SDL's window has no parent but the root where
 * there is no window manager. */
static Window find(void *x11, Display *display, Atom wanted)
{
    Window root, parent, *children = NULL, found = None;
    unsigned count = 0;

    if (!WANT(XQueryTree)(display, DefaultRootWindow(display), &root, &parent, &children, &count))
        return None;
    for (unsigned i = 0; i < count && found == None; i++) {
        Atom *protocols = NULL;
        int n = 0;

        if (!WANT(XGetWMProtocols)(display, children[i], &protocols, &n))
            continue;
        for (int p = 0; p < n; p++)
            if (protocols[p] == wanted)
                found = children[i];
        (void)WANT(XFree)(protocols);
    }
    if (children)
        (void)WANT(XFree)(children);
    return found;
}

int main(void)
{
    void *x11 = dlopen("libX11.so.6", RTLD_NOW);
    Display *display = x11 ? WANT(XOpenDisplay)(NULL) : NULL;
    XEvent event = {.xclient = {.type = ClientMessage, .format = 32}};
    Atom protocols, closing;

    if (!display) {
        (void)fprintf(stderr, "close_window: no display, or no libX11\n");
        return 1;
    }
    protocols = WANT(XInternAtom)(display, "WM_PROTOCOLS", False);
    closing = WANT(XInternAtom)(display, "WM_DELETE_WINDOW", False);
    event.xclient.window = find(x11, display, closing);
    event.xclient.message_type = protocols;
    event.xclient.data.l[0] = (long)closing;
    event.xclient.data.l[1] = CurrentTime;
    if (event.xclient.window == None) {
        (void)fprintf(stderr, "close_window: there is no window that can be closed\n");
        return 1;
    }
    (void)WANT(XSendEvent)(display, event.xclient.window, False, NoEventMask, &event);
    (void)WANT(XCloseDisplay)(display);
    return 0;
}
