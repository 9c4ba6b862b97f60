#!/usr/bin/env bash
# Sees that the committed APKs are what the sources make, that they say and hold what
# they should, and that the guards which see to it still bark. Changes nothing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$here/tools/lib.sh"
use_jdk17
need aapt aapt; need apksigner apksigner; need go golang
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

bad=0
step() { printf -- '-- %s\n' "$*"; }
red() { printf 'FAILED: %s\n' "$*" >&2; bad=$((bad + 1)); }
compile() { javac -Xlint:-options --release 8 -encoding UTF-8 -cp "$1" -d "$2" "${@:3}"; }

step "the sources, built in another folder, time zone and language and with another umask, give the committed bytes"
(
  umask 077
  mkdir "$tmp/another folder"
  cp -R "$here"/{build.sh,tools,version,key,common,reference,guide} "$tmp/another folder/"
  TZ=Asia/Kolkata LANG=de_DE.UTF-8 LC_ALL= \
    bash "$tmp/another folder/build.sh" -t debian -o "$tmp/out" -w "$tmp/build"
)
for v in reference guide; do
  cmp "$tmp/out/$v.apk" "$here/$v.apk" ||
    red "$v.apk is not what its sources make (Debian 12's tools): run make sample-app and commit it"
done

for v in reference guide; do
  apk=$here/$v.apk
  step "$v: signed with v2 and v3 by the public test key, not with v1"
  said=$(apksigner verify --verbose --print-certs "$apk") || red "$v.apk does not verify"
  while read -r line; do
    grep -qxF "$line" <<<"$said" || red "apksigner does not say: $line"
  done <<END
Verified using v1 scheme (JAR signing): false
Verified using v2 scheme (APK Signature Scheme v2): true
Verified using v3 scheme (APK Signature Scheme v3): true
Number of signers: 1
Signer #1 certificate SHA-256 digest: $(tail -n 1 "$here/key/README.md" | tr -d ' ')
END

  # apksigner does not look for v1 where the lowest level is above 23.
  if aapt list "$apk" | grep META-INF; then red "$v.apk has files of a v1 signature"; fi

  step "$v: says of itself what tools/expect/$v.badging says"
  aapt dump badging "$apk" 2>/dev/null |
    grep -E '^ *(package|uses-feature-not-required|sdkVersion|targetSdkVersion|uses-permission[a-z0-9-]*|application-label|launchable-activity|native-code):|^(application-debuggable|testOnly)' |
     sed 's/^ *//' | LC_ALL=C sort | diff "$here/tools/expect/$v.badging" - || red "$v: facts differ (<: expected, >: in the APK)"

  step "$v: the manifest in the APK is its source, and keeps the rules of target 34"
  (cd "$here" && go run ./tools/apkcheck -apk "$apk" -manifest "$v/AndroidManifest.xml" \
    -symbols "$tmp/build/$v/R.txt" -version version) || red "$v: manifest"
done

step "nothing but public API is used, and newer API only where the level is asked for"
# Both in one run: an exception that neither needs is an error.
public_api "$here/tools/newer-than-26" "$tmp"/build/{reference,guide}/classes || red "API"

step "that check finds what is hidden or newer"
mkdir "$tmp/hidden" "$tmp/lambda" "$tmp/firebase"
android=$(fetch_android)
compile "$android" "$tmp/hidden" "$here/tools/testdata/Hidden.java"
if said=$(public_api /dev/null "$tmp/hidden"); then red "hidden members pass"; fi
[[ $(sed -n 's/^.*: Hidden\.\([a-z]\) uses .*/\1/p' <<<"$said" | sort -u | tr -d '\n') == abcdefz ]] ||
  red "hidden members of a, b, c, f and newer ones of d, e, z should be found: $said"

step "a lambda does not slip past the dexer"
compile "$android" "$tmp/lambda" "$here/tools/testdata/Lambda.java"
if said=$(dx "$tmp/lambda.dex" "$tmp/lambda" 2>&1); then red "dx takes a lambda"; fi
grep -q 'invokedynamic requires' <<<"$said" || red "dx refuses a lambda for another reason: $said"

step "the variant for Firebase compiles"
if list_java "$here/firebase" >"$tmp/sources"; then
  compile "$tmp/build/reference/classes:$android" "$tmp/firebase" "@$tmp/sources" || red "firebase/ does not compile"
else
  red "no firebase/"
fi

((bad == 0)) || die "$bad checks failed"
