/**
 * Stand-ins for the types of androidx.test that Robolectric itself touches. The real ones are only in Google's repository. They do the least that Robolectric needs:
 * tests here use RobolectricTestRunner and the controllers of Robolectric, not ActivityScenario.
 */
package androidx.test;
