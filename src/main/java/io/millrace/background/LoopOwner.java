package io.millrace.background;

import java.util.List;

/** A bean that has loops which are no beans themselves. */
public interface LoopOwner {

    List<BackgroundLoop> loops();
}
