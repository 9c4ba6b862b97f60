package com.google.firebase.messaging;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

/**
 * Not Google's: the few signatures of com.google.firebase:firebase-messaging that the variant
 * compiles against, so that it cannot rot while the library is out of reach. No build packs it.
 */
public class FirebaseMessagingService extends Service {

    public void onMessageReceived(RemoteMessage message) {
    }

    public void onNewToken(String token) {
    }

    public void onDeletedMessages() {
    }

    @Override
    public final IBinder onBind(Intent intent) {
        throw new UnsupportedOperationException("a stub to compile against");
    }
}
