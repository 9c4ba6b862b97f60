/** What the dexer must refuse. */
class Lambda {
    Runnable r = () -> {};
}
