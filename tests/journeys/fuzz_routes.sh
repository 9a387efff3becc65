#!/bin/bash
# The corpus of the fuzzer of whole requests gets into every route of the central store: a route that is added without a
# request in tests/fuzz/central/request.corpus is named here.
. tests/lib/journey.sh
TP_FUZZ_ROUTES=all "${TP_BUILD_ASAN:-$PWD/build/asan}/tests/fuzz/central/request" tests/fuzz/central/request.corpus >"$work/routes.log" 2>&1 ||
    fail "the fuzzer of requests does not get into every route"
