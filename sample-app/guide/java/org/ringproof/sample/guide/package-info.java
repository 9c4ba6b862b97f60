/**
 * The negative control: an app made after CometChat's guide "VoIP Calling" for Android
 * (calls/android/voip-calling.mdx in cometchat/docs at commit 1c20ecf), step by step, with the
 * guide's class names. It is written anew from the guide's description, in Java and without
 * libraries; what the vendor's SDKs do is our loopback back end.
 *
 * <p>It is not meant to work: twenty-two facts of Android and of the vendor's own pushes are against
 * it, and each is marked at its place as "Flaw n". A test that passes on this app does not test
 * that fact. {@link org.ringproof.sample.guide.devicetest.Mended} takes flaws away one at a time.
 *
 * <p>Not from the guide, because the guide leaves it out: {@code MainActivity}, {@code
 * IncomingCallActivity} (declared and used there, never shown), the push entry and the trace. {@code
 * CallService}, {@code CallRegistry} and {@code MendedNotifications} are used by mended flaws only.
 */
package org.ringproof.sample.guide;
