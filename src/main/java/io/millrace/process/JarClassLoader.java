package io.millrace.process;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.loader.net.protocol.jar.JarUrlClassLoader;

/**
 * Loads the hub from its jar with Spring Boot's loader, but so that virtual threads never hold the loader's locks: a
 * platform thread loads what a virtual thread asks for.
 *
 * <p>The loader guards each nested jar, and the file that holds them all, by monitors. A virtual thread that waits for
 * the second monitor releases its carrier but keeps the first monitor. Others that wait for the first one during class
 * loading keep their carriers, because of a native frame on their stacks. Once they occupy all carriers, the thread
 * that they wait for cannot run, and the hub hangs forever. {@code docs/decisions/0016-start.md}
 *
 * <p>Thread-safe.
 */
public final class JarClassLoader extends JarUrlClassLoader {

    static {
        registerAsParallelCapable();
    }

    private final Executor loading = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("class-loading").factory());

    JarClassLoader(URL[] urls, ClassLoader parent) {
        super(urls, parent);
    }

    /** Whether the class was loaded by Spring Boot's own loader, which this one replaces. */
    public static boolean isMissingFor(Class<?> application) {
        return application.getClassLoader().getClass().getName().startsWith("org.springframework.boot.loader.");
    }

    /** Loads the application again, from the same jar, and runs its {@code main} in this thread. */
    public static void launch(Class<?> application, String[] arguments) throws ReflectiveOperationException {
        URLClassLoader replaced = (URLClassLoader) application.getClassLoader();
        JarClassLoader loader = new JarClassLoader(replaced.getURLs(), replaced.getParent());
        Thread.currentThread().setContextClassLoader(loader);
        Class.forName(application.getName(), true, loader)
                .getMethod("main", String[].class)
                .invoke(null, (Object) arguments);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!Thread.currentThread().isVirtual()) {
            return super.loadClass(name, resolve);
        }
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? handOver(() -> super.loadClass(name, resolve), ClassNotFoundException.class) : loaded;
    }

    @Override
    public @Nullable URL findResource(String name) {
        return Thread.currentThread().isVirtual()
                ? handOver(() -> Optional.ofNullable(super.findResource(name)), RuntimeException.class)
                        .orElse(null)
                : super.findResource(name);
    }

    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
        return Thread.currentThread().isVirtual()
                ? handOver(
                        () -> Collections.enumeration(Collections.list(super.findResources(name))), IOException.class)
                : super.findResources(name);
    }

    /** For a virtual thread the whole resource is read at once, since streams of nested jars take the same locks. */
    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        return Thread.currentThread().isVirtual()
                ? handOver(() -> inMemory(name), RuntimeException.class).orElse(null)
                : super.getResourceAsStream(name);
    }

    private Optional<InputStream> inMemory(String name) {
        try (InputStream resource = super.getResourceAsStream(name)) {
            return resource == null ? Optional.empty() : Optional.of(new ByteArrayInputStream(resource.readAllBytes()));
        } catch (IOException unreadable) {
            // Like Java's own loaders, which then return null.
            return Optional.empty();
        }
    }

    /** Waits even when interrupted: a class whose loading is interrupted would stay missing. */
    private <T, E extends Exception> T handOver(Callable<T> work, Class<E> expected) throws E {
        CompletableFuture<T> result = new CompletableFuture<>();
        loading.execute(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        try {
            return result.join();
        } catch (CompletionException failure) {
            switch (Objects.requireNonNull(failure.getCause())) {
                case Error error -> throw error;
                case RuntimeException bug -> throw bug;
                case Throwable other -> throw expected.cast(other);
            }
        }
    }
}
