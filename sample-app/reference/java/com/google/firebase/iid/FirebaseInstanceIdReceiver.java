package com.google.firebase.iid;

import org.ringproof.sample.common.FirebasePushReceiver;

/**
 * Not Google's: a class of our own in the place where an app with Firebase has the library's
 * receiver, with the same action and permission in the manifest. So the default build needs no
 * library, and a push that root sends meets the target that it meets in a real app. A build with
 * Firebase (folder firebase/) leaves this file out.
 */
public class FirebaseInstanceIdReceiver extends FirebasePushReceiver {
}
