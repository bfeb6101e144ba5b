#!/bin/sh
# What the build or the tests need from the machine: present already, installed through apt where we are root, else said plainly.
set -eu

fail() {
    echo "error: $1" >&2
    exit 1
}

apt_install() {
    command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ] || return 1
    echo "installing $* through apt"
    apt-get update -qq >/dev/null 2>&1 || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}

need_python() {
    command -v "$1" >/dev/null 2>&1 || fail "$1 is missing: install Python 3.11 or newer (Debian: apt install python3 python3-venv)"
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "$1 is $("$1" --version 2>&1); Kuaijing needs Python 3.11 or newer (make PYTHON=/path/to/python3.11)"
    "$1" -c 'import venv, ensurepip' 2>/dev/null || apt_install python3-venv ||
        fail "$1 has no venv module (Debian: apt install python3-venv)"
}

need_node() {
    command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 ||
        fail "node or npm is missing: install Node.js 20.19 or newer to build the screens"
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
        fail "node is $(node --version); the screens need Node.js 20.19 or newer"
}

need_postgres() {
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || apt_install postgresql ||
        fail "PostgreSQL's initdb is missing: the store's conformance suite runs against it (Debian: apt install postgresql)"
}

need_broker() {
    command -v mosquitto >/dev/null 2>&1 || [ -x /usr/sbin/mosquitto ] || apt_install mosquitto ||
        fail "Mosquitto is missing: the tests of positions over MQTT run against it (Debian: apt install mosquitto)"
}

need_browser() {
    if ! command -v chromium >/dev/null 2>&1; then
        apt_install chromium || "$1/playwright" install chromium ||
            fail "Chromium is missing: the browser journeys need it (Debian: apt install chromium)"
    fi
    if ! fc-list :lang=zh 2>/dev/null | grep -q .; then
        apt_install fonts-noto-cjk fontconfig ||
            fail "no font with Chinese characters: the screens would show boxes (Debian: apt install fonts-noto-cjk)"
    fi
}

what=$1
shift
"need_$what" "$@"
