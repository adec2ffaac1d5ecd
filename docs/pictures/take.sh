#!/usr/bin/env bash
# Takes the pictures in this directory from the real page, with the Chromium that is found (or CHROME=/path).
# "docs/pictures/take.sh DIRECTORY all" takes every state in light, dark and narrow.
set -euo pipefail
cd "$(dirname "$0")/../.."
mvn -q -pl locky-sample-app -am test-compile exec:java -Dexec.mainClass=io.locky.sample.Pictures \
	-Dexec.classpathScope=test -Dexec.args="${1:-docs/pictures} ${2:-}"
