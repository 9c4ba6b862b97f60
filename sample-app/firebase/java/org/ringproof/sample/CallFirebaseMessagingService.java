package org.ringproof.sample;

import android.os.Handler;
import android.os.Looper;
import com.google.firebase.messaging.FirebaseMessagingService;
import com.google.firebase.messaging.RemoteMessage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ringproof.sample.common.PushMessage;

/**
 * The push entry of an app that has Firebase's library: all there is to add. It takes the place of
 * our {@code com.google.firebase.iid.FirebaseInstanceIdReceiver}, which the library brings itself.
 *
 * <p>The library calls on a thread of its own, within the few seconds in which a push of high
 * priority may start things from the background, and it stops its service when the call returns. So
 * each call waits until the main thread, where all of the app's state lives, is through with it.
 */
public class CallFirebaseMessagingService extends FirebaseMessagingService {

    private static final long PATIENCE_SECONDS = 10;

    private final Handler main = new Handler(Looper.getMainLooper());

    @Override
    public void onMessageReceived(RemoteMessage remote) {
        final PushMessage message = new PushMessage(remote.getData(), remote.getSentTime(), remote.getTtl());
        onMain(new Runnable() {
            @Override
            public void run() {
                SampleApplication.of(CallFirebaseMessagingService.this).pushHandler().onMessageReceived(message);
            }
        });
    }

    /** Nobody needs to be logged in yet: the token is kept until somebody is. */
    @Override
    public void onNewToken(final String token) {
        onMain(new Runnable() {
            @Override
            public void run() {
                SampleApplication.of(CallFirebaseMessagingService.this).pushHandler().onNewToken(token);
            }
        });
    }

    private void onMain(final Runnable work) {
        final CountDownLatch done = new CountDownLatch(1);
        main.post(new Runnable() {
            @Override
            public void run() {
                try {
                    work.run();
                } finally {
                    done.countDown();
                }
            }
        });
        try {
            done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
