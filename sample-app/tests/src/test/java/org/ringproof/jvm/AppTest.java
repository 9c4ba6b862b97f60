package org.ringproof.jvm;

import org.junit.After;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.experimental.LazyApplication;
import org.robolectric.annotation.experimental.LazyApplication.LazyLoad;

/** A test that starts the app's process itself, by {@link Phone#start}. */
@RunWith(RobolectricTestRunner.class)
@LazyApplication(LazyLoad.ON)
public abstract class AppTest {
  @After
  public void switchOff() {
    Phone.reset();
  }
}
