#!/usr/bin/env bash
# Runs the apps' real classes on the JVM: run.sh [MAVEN ARGUMENT...]
#
# Builds both apps (../build.sh), fetches the framework's jars once, and runs
# src/test on the reference app and FlawsTest on the guide's. LEVELS chooses the
# API levels of RowsTest ("28 31 34"; a level is 110 to 150 MB); all else is 34.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$here/tools/lib.sh"
use_jdk17
need mvn maven
levels=${LEVELS:-28 31 34}
target=$here/tests/target
# What an earlier run left must not count in this one.
rm -rf "$target/test-classes" "$target/surefire-reports"
mkdir -p "$target/framework"

"$here/build.sh" -t debian -o "$target" -w "$target/build"
for variant in reference guide; do
  config=$target/build/$variant/config/com/android/tools
  mkdir -p "$config"
  # What Gradle's plugin would write: Robolectric then takes the built resources and the real manifest.
  {
    echo "android_merged_manifest=$here/$variant/AndroidManifest.xml"
    echo "android_resource_apk=$target/build/$variant/unaligned.apk"
    echo "android_custom_package=$(sed -n 's/.*package="\([^"]*\)".*/\1/p' "$here/$variant/AndroidManifest.xml" | head -n 1)"
  } >"$config/test_config.properties"
done

framework() {
  local jar
  jar=$(fetch "org.robolectric:android-all-instrumented:$1:jar" "$2")
  ln -sf "$jar" "$target/framework/"
}
for level in $levels; do
  case $level in
    28) framework 9-robolectric-4913185-2-i7 dbb1c88987b54cef3132695a1b4d2f4851ba06286a6fa7d15772f98fd1f0cdf7 ;;
    31) framework 12-robolectric-7732740-i7 ee2dbe28bfe63ddce34a2d631c6168c131f78a4cb58caeb4d832988e936760cb ;;
    34) framework 14-robolectric-10818077-i7 3fdac2d463f431c6b8d83b9d0ca739e795de75fffedee648c6761bd4bd864701 ;;
    *) die "no framework is pinned for API level $level" ;;
  esac
done

mvn -q -B -Dmaven.repo.local="${MAVEN_REPO:-$HOME/.m2/repository}" -f "$here/tests/pom.xml" "-Dlevels=${levels// /,}" "${@:-test}"
