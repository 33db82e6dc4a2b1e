#!/bin/sh
# Builds libpqxx 7 from its sources and runs the suites that talk to PostgreSQL on it: what Debian 13
# has, where Debian 12 has libpqxx 6.4. Not part of ./test.
#
#   tests/persistence/with_libpqxx7.sh SOURCES [SCRATCH]
#
# SOURCES: an unpacked libpqxx, for instance by `apt source libpqxx` on Debian 13, or
# https://github.com/jtv/libpqxx at a tag 7.10.x. SCRATCH: where all is built, by default /tmp/with-libpqxx7.
set -eu
sources=$(cd "$1" && pwd)
scratch=${2:-/tmp/with-libpqxx7}
here=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$scratch"

cmake -S "$sources" -B "$scratch/libpqxx" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_CXX_STANDARD=17 -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
  -DSKIP_BUILD_TEST=ON -DBUILD_DOC=OFF -DCMAKE_INSTALL_PREFIX="$scratch/installed" >/dev/null
cmake --build "$scratch/libpqxx" --target install >/dev/null

PKG_CONFIG_PATH=$(dirname "$(find "$scratch/installed" -name libpqxx.pc)")
export PKG_CONFIG_PATH
cmake -S "$here" -B "$scratch/boxoffice" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
  -DCMAKE_CXX_FLAGS_DEBUG="-O0 -g0" -DBOXOFFICE_BENCH=OFF >/dev/null
cmake --build "$scratch/boxoffice" --target tests_persistence
echo "libpqxx $(pkg-config --modversion libpqxx)"
cd "$scratch/boxoffice"
exec ctest --output-on-failure -R '^persistence\.(postgres_|shipping|audit)'
