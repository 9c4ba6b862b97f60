// Package apk reads installable Android packages: the manifest with its
// components and permissions, the resources that the manifest refers to, and
// the signatures of APK Signature Scheme v2 and v3.
//
// Formats are those of AOSP: ResourceTypes.h (frameworks/base, androidfw) for
// binary XML and resource tables, and the public documents of the signature
// schemes at source.android.com. What a phone would refuse is an *Error with
// the Kind and, where one is known, the words of Android.
//
// Everything comes from outside: sizes, counts and offsets are checked before
// use, and what is unpacked is bounded. The package knows no phone, no adb and
// no call, and it installs nothing.
package apk
