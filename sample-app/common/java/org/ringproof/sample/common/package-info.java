/**
 * What both variants of the sample app share: the call back end with its loopback, the push entry
 * that stands in for Firebase's library, and the test doors.
 *
 * <p>Nothing here knows an application id, a resource or a screen. Everything is called on the main
 * thread, as Android calls an app's components.
 */
package org.ringproof.sample.common;
