/**
 * The reference app: an app that takes calls by push, as Android wants it from 8.0 to 15.
 *
 * <p>One call, end to end: a push reaches {@link org.ringproof.sample.PushHandler}; {@link
 * org.ringproof.sample.Calls} makes a {@link org.ringproof.sample.Call} of it and announces it to
 * Telecom; Telecom asks {@link org.ringproof.sample.CallConnectionService} for a {@link
 * org.ringproof.sample.CallConnection} and then for the app's own UI, which is a notification of
 * {@link org.ringproof.sample.CallNotifications} that opens {@link
 * org.ringproof.sample.IncomingCallActivity} on a locked phone. The answer starts {@link
 * org.ringproof.sample.CallService} and {@link org.ringproof.sample.CallActivity}. Whoever ends the
 * call, {@link org.ringproof.sample.Call#end} takes everything off the phone.
 *
 * <p>All state is touched on the main thread only. Lines with {@code defects} are test doors: leave
 * them out when you copy.
 */
package org.ringproof.sample;
