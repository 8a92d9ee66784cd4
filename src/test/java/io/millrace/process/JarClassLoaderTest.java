package io.millrace.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Virtual threads get the classes and resources that they ask for without reading them themselves. */
class JarClassLoaderTest {

    private static final String CLASS = "io.millrace.event.Acks";
    private static final String FILE = "io/millrace/event/Acks.class";

    /** The threads that have opened a class file or resource. */
    private final List<Thread> readers = new CopyOnWriteArrayList<>();

    private final JarClassLoader loader =
            new JarClassLoader(new URL[] {classes()}, ClassLoader.getPlatformClassLoader());

    @Test
    void aClassIsLoaded() throws Exception {
        Class<?> loaded = onVirtualThread(() -> Class.forName(CLASS, true, loader));

        assertThat(loaded.getClassLoader()).isSameAs(loader);
        assertThat(onVirtualThread(() -> loader.loadClass(CLASS))).isSameAs(loaded);
        onlyPlatformThreadsHaveRead();
    }

    @Test
    void aMissingClassIsNotFound() {
        assertThatThrownBy(() -> onVirtualThread(() -> loader.loadClass("io.millrace.Missing")))
                .hasCauseInstanceOf(ClassNotFoundException.class);
        onlyPlatformThreadsHaveRead();
    }

    @Test
    void resourcesAreFoundAndRead() throws Exception {
        byte[] bytes = onVirtualThread(() -> {
            try (InputStream in = loader.getResourceAsStream(FILE)) {
                return in.readAllBytes();
            }
        });

        assertThat(bytes).startsWith(0xCA, 0xFE, 0xBA, 0xBE);
        assertThat(onVirtualThread(() -> loader.getResource(FILE))).isNotNull();
        assertThat(onVirtualThread(() -> Collections.list(loader.getResources(FILE))))
                .hasSize(1);
        assertThat(onVirtualThread(() -> loader.getResource("missing"))).isNull();
        assertThat(onVirtualThread(() -> loader.getResourceAsStream("missing"))).isNull();
        onlyPlatformThreadsHaveRead();
    }

    private void onlyPlatformThreadsHaveRead() {
        assertThat(readers).isNotEmpty().noneMatch(Thread::isVirtual);
    }

    private static <T> T onVirtualThread(Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofVirtual().start(task);
        return task.get(30, TimeUnit.SECONDS);
    }

    private URL classes() {
        try {
            return URL.of(URI.create("recorded:/"), new RecordedClasses());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The build's classes, behind a URL that records which threads open it. */
    private final class RecordedClasses extends URLStreamHandler {

        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            readers.add(Thread.currentThread());
            URL build =
                    JarClassLoader.class.getProtectionDomain().getCodeSource().getLocation();
            return URI.create(build + url.getPath().substring(1)).toURL().openConnection();
        }
    }
}
