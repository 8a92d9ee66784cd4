package io.millrace.background;

import java.util.List;

/** A bean that has loops which are not beans themselves. */
public interface LoopOwner {

    List<BackgroundLoop> loops();
}
