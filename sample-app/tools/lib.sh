# Shared by build.sh and check.sh (source it): what is pinned, where tools come from,
# and what to say when one is missing.

die() { printf 'sample-app: %s\n' "$*" >&2; exit 1; }

# need TOOL PACKAGE: the tool, or the one line that installs it.
need() {
  command -v "$1" >/dev/null || die "needs $1, which is not on PATH: apt-get install $2" \
    "(all at once: apt-get install aapt zipalign apksigner zip maven openjdk-17-jdk-headless)"
}

# quietly COMMAND...: its output only when it fails. Debian's aapt2 warns of a chunk
# of newer resource tables each time that it opens one.
quietly() {
  local said
  said=$("$@" 2>&1) || { printf '%s\n' "$said" >&2; die "failed: $*"; }
}

# list_java FOLDER...: its sources in one order, quoted as javac's @file wants paths.
list_java() { find "$@" -name '*.java' | sort | sed 's/.*/"&"/'; }

# use_jdk17: javac's bytes differ between JDKs (enum switch maps, for one), so one is pinned.
use_jdk17() {
  local home said
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*17*; do
    [[ -n $home && -x $home/bin/javac ]] || continue
    said=$("$home/bin/javac" -version 2>&1)
    if [[ $said == "javac 17"* ]]; then
      export JAVA_HOME=$home PATH=$home/bin:$PATH
      return
    fi
  done
  said=$(javac -version 2>&1 || true)
  [[ $said == "javac 17"* ]] ||
    die "the reproducible build needs JDK 17, found: ${said:-none}." \
      "apt-get install openjdk-17-jdk-headless, or set JAVA_HOME to a JDK 17"
}

# fetch GROUP:ARTIFACT:VERSION:TYPE SHA256: prints the file's path in the local Maven
# repository, after it was fetched if need be and its bytes were compared. Assign what it
# prints before use: a failure inside another command's arguments goes unseen.
fetch() {
  local group artifact version type repo file
  IFS=: read -r group artifact version type <<<"$1"
  repo=${MAVEN_REPO:-${HOME:?}/.m2/repository}
  file=$repo/${group//.//}/$artifact/$version/$artifact-$version.$type
  if [[ ! -f $file ]]; then
    need mvn maven
    quietly mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get \
      -Dmaven.repo.local="$repo" -Dartifact="$1" -Dtransitive=false
    [[ -f $file ]] || die "Maven fetched no $file"
  fi
  echo "$2  $file" | sha256sum --check --quiet >&2 ||
    die "$file is not the $1 that is pinned: delete it and try again"
  echo "$file"
}

# The framework of API 34: classes to compile against and resources to link against.
# Apache-2.0. It has hidden members too: PublicApi.java sees that none is used.
fetch_android() {
  fetch org.robolectric:android-all:14-robolectric-10818077:jar \
    6be2218c6a53fe3c57bc22ebdc723edcb7270a8a6f187545708aa5c0ed813977
}

# dx of the Android Open Source Project, repackaged. Apache-2.0.
fetch_dx() {
  fetch com.jakewharton.android.repackaged:dalvik-dx:16.0.1:jar \
    1e4b645628e3bdb097b5331d669e177ef235a551582a8c646dbe36865e541907
}

# dx OUTPUT CLASSES...: a method that needs invokedynamic is an error below
# --min-sdk-version=26. That is wanted: Android has no LambdaMetafactory, so with 26
# dx would say nothing and the app would crash at the first lambda.
dx() {
  local jar
  jar=$(fetch_dx) || return
  java -cp "$jar" com.android.dx.command.Main --dex --min-sdk-version=24 --output="$@"
}

# public_api EXCEPTIONS CLASSES...: PublicApi.java with the public API of levels 34 and 26,
# as signatures that the Gummy Bears project (Apache-2.0) made from the SDK's android.jar.
public_api() {
  local g=com.toasttab.android:gummy-bears-api sniffer asm target lowest
  sniffer=$(fetch org.codehaus.mojo:animal-sniffer:1.24:jar \
    65d028de87134f0955e3a964fe438fc3e99e77b237a77e5e165869a8ff59db5f) || return
  asm=$(fetch org.ow2.asm:asm:9.7:jar \
    adf46d5e34940bdf148ecdd26a9ee8eea94496a72034ff7141066b3eea5c4e9d) || return
  target=$(fetch $g-34:0.12.0:signature \
    cc27890a18e18c605474f44d957840627e5303f6fa5a5d175ad6d050c86b2fd9) || return
  lowest=$(fetch $g-26:0.12.0:signature \
    71febc00e91c09b94e02020c19d349c52d8cbf3dd3d36e54ebee913e29dfab97) || return
  java -cp "$sniffer:$asm" "$here/tools/PublicApi.java" "$target" "$lowest" "$@"
}
