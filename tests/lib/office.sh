# Pictures of the administrators' pages, for the scripts that make the documents' pictures. Source it after tests/lib/journey.sh.
# Signed in with curl, since a headless browser takes no form; each page is drawn as curl was given it.
office_jar=$work/office.jar
office_page() { curl -s -b "$office_jar" -c "$office_jar" "$url$1" "${@:2}"; } # PATH [CURL OPTION...]
office_token() { grep -o 'name="token" value="[^"]*"' | head -n 1 | cut -d'"' -f4; }
office_sign_in() {
    local token
    token=$(office_page /sign-in | office_token)
    office_page /sign-in -o "$work/signed-in" --data-urlencode "token=$token" --data-urlencode "name=admin" \
        --data-urlencode "password=$(sed -n 's/^password: //p' "$work/admin.txt")"
}
office_post() { # PATH CURL_OPTION... : as a browser does that has the page before it
    local token
    token=$(office_page /people | office_token)
    office_page "$1" --data-urlencode "token=$token" "${@:2}"
}
office_picture() { # FILE WIDTH,HEIGHT, the page on standard input
    sed "s|=\"/static/|=\"$url/static/|g" >"$work/office.html"
    chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --user-data-dir="$work/chromium" --hide-scrollbars \
        --window-size="$2" --screenshot="$1" "file://$work/office.html" >"$work/chromium.log" 2>&1 ||
        fail "chromium drew no picture"
}
