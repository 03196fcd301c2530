#!/bin/sh
# Make .venv and fill it from one hash-pinned lock file: setup.sh run | setup.sh test.
# What the system lacks is installed by root on Debian and Ubuntu; anybody else is told the one command.
# Exit 2 with a sentence on stderr when something is missing that cannot be installed here.
set -eu

lock=requirements/$1.lock
missing=

refuse() {
    echo "wayhome: $1" >&2
    exit 2
}

# The first Python that really runs and is new enough; a name on PATH may be an empty shim.
find_python() {
    for name in ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
}

may_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

# Install the packages in $missing, or say exactly which command would.
install_missing() {
    [ -n "$missing" ] || return 0
    may_install || refuse "please run this once, then try again: sudo apt-get install -y$missing"
    echo "Installing$missing" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >&2 && apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends $missing >/dev/null ||
        refuse "apt-get could not install$missing; please install it by hand, then try again"
}

# A checkout that was moved or copied holds an environment that points at the old place.
has_venv() {
    [ "$(cat .venv/where 2>/dev/null)" = "$PWD" ] && .venv/bin/python -c '' 2>/dev/null
}

look_for_venv_module() {
    python=$(find_python)
    [ -n "$python" ] || refuse "Python 3.11 or newer is needed and was not found (set PYTHON to name one)"
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        missing="$missing $("$python" -c 'import sys; print("python{}.{}-venv".format(*sys.version_info))')"
}

look_for_browser() {
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && break
    done || missing="$missing chromium"
    [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing="$missing fonts-dejavu-core"
}

# What draws the phone app's window without a screen, in tests.
look_for_drawing() {
    for library in libEGL.so.1 libGL.so.1; do
        ldconfig -p | grep -q "$library" || { missing="$missing libegl1 libgl1"; return; }
    done
}

# What compiles and runs the Android app's receivers in tests; the runtime brings the compiler along.
look_for_java() {
    java --list-modules 2>/dev/null | grep -q '^jdk.compiler@' || missing="$missing default-jre-headless"
}

make_venv() {
    "$python" -m venv --clear .venv
    echo "$PWD" > .venv/where
}

pip_install() {
    .venv/bin/python -m pip --disable-pip-version-check --no-input -qq install --no-deps "$@"
}

has_venv || look_for_venv_module
[ "$1" = run ] || { look_for_browser; look_for_drawing; look_for_java; }
install_missing
has_venv || make_venv
echo "Installing what $lock names" >&2
pip_install --require-hashes -r "$lock"
pip_install --no-build-isolation -e .
touch ".venv/$1.done"
