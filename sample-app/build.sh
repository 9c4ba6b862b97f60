#!/usr/bin/env bash
# Builds the sample apps, without Gradle:
#
#   build.sh [-o DIR] [-w WORKDIR] [-t debian|sdk] [VARIANT...]
#
#   -o  where reference.apk and guide.apk go; this folder if it is left out
#   -w  keeps what lies between (classes, R.txt) in WORKDIR/VARIANT
#   -t  the tools: an Android SDK's where ANDROID_HOME is set, else Debian's
#
# With Debian 12's tools the bytes of an APK depend on nothing but the sources:
# not on the time, the user, the folder, the umask or the language. An SDK's tools
# give an APK that does the same and has other bytes; it is not the one to commit.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/tools/lib.sh"
export LC_ALL=C TZ=UTC
umask 022

out=$here work= tools=debian
[[ -z ${ANDROID_HOME:-} ]] || tools=sdk
while getopts o:w:t: opt; do
  case $opt in
    o) out=$OPTARG ;;
    w) work=$OPTARG ;;
    t) tools=$OPTARG ;;
    *) sed -n 's/^# \{0,1\}//; 2,10p' "$0" >&2; exit 2 ;;
  esac
done
shift $((OPTIND - 1))
variants=("$@")
((${#variants[@]})) || variants=(reference guide)
if [[ -z $work ]]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$out" "$work"
out=$(cd "$out" && pwd) work=$(cd "$work" && pwd)

read_version() { sed -n "s/^$1=//p" "$here/version"; }
code=$(read_version code) name=$(read_version name)

case $tools in
  debian)
    use_jdk17
    need aapt2 aapt; need zipalign zipalign; need apksigner apksigner; need zip zip
    android=$(fetch_android)
    to_dex() { dx "$1/classes.dex" "$2"; }
    ;;
  sdk)
    sdk=${ANDROID_HOME:?an SDK is asked for: set ANDROID_HOME to it}
    need javac openjdk-17-jdk-headless; need zip zip
    android=$sdk/platforms/android-34/android.jar
    [[ -f $android ]] || die "no $android: sdkmanager 'platforms;android-34', or build.sh -t debian"
    bin=$(find "$sdk/build-tools" -mindepth 1 -maxdepth 1 2>/dev/null | sort -V | tail -n 1)
    [[ -x $bin/d8 ]] || die "no d8 in $sdk/build-tools: sdkmanager 'build-tools;34.0.0', or build.sh -t debian"
    export PATH=$bin:$PATH
    to_dex() { find "$2" -name '*.class' -print0 | sort -z | xargs -0 d8 --debug --min-api 26 --lib "$android" --output "$1"; }
    ;;
  *) die "tools '$tools' are unknown: debian or sdk" ;;
esac

build() {
  local variant=$1 from=$here/$1 w=$work/$1 apk=$out/$1.apk
  [[ -f $from/AndroidManifest.xml ]] || die "no $from/AndroidManifest.xml: variants are reference and guide"
  rm -rf "$w"
  mkdir -p "$w"/{gen,classes,dex}

  local -a flat=()
  local dir
  for dir in "$here/common/res" "$from/res"; do
    [[ -d $dir ]] || continue
    quietly aapt2 compile --dir "$dir" -o "$w/${#flat[@]}.zip"
    flat+=("$w/${#flat[@]}.zip")
  done
  # Debian's aapt2 is of Android 10 and takes <queries> for a mistake, hence the warning
  # in place of the error: the check of the built manifest is what mistakes meet.
  quietly aapt2 link -o "$w/unaligned.apk" --manifest "$from/AndroidManifest.xml" -I "$android" \
    --warn-manifest-validation --auto-add-overlay \
    --version-code "$code" --version-name "$name" \
    --compile-sdk-version-code 34 --compile-sdk-version-name 14 \
    --java "$w/gen" --output-text-symbols "$w/R.txt" "${flat[@]}"

  local -a roots=("$w/gen")
  for dir in "$here/common/java" "$from/java"; do
    [[ ! -d $dir ]] || roots+=("$dir")
  done
  list_java "${roots[@]}" >"$w/sources"
  quietly javac -g -Xlint:-options --release 8 -encoding UTF-8 -implicit:none \
    -cp "$android" -d "$w/classes" "@$w/sources"
  quietly to_dex "$w/dex" "$w/classes"

  # zip writes a file's time and mode down, each of them twice.
  chmod 644 "$w"/dex/*.dex
  touch -d '1980-01-01 00:00:00 UTC' "$w"/dex/*.dex
  (cd "$w/dex" && quietly zip -q -X -9 "$w/unaligned.apk" ./*.dex)
  quietly zipalign -f -p 4 "$w/unaligned.apk" "$w/unsigned.apk"
  # v1 is of no use from API 24 on, v4 needs a second file beside the APK.
  quietly apksigner sign --key "$here/key/public-test-key.pk8" --cert "$here/key/public-test-key.x509.pem" \
    --v1-signing-enabled false --v2-signing-enabled true --v3-signing-enabled true \
    --v4-signing-enabled false --min-sdk-version 26 --out "$apk" "$w/unsigned.apk"
  echo "$(sha256sum <"$apk" | cut -d' ' -f1)  $apk"
}

for variant in "${variants[@]}"; do build "$variant"; done
[[ $tools == debian ]] || echo "built with the SDK's tools: these bytes are not the ones to commit (build.sh -t debian)"
