package io.millrace.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.OutOfDirectMemoryError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutOfMemoryTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Java heap space",
                "Java heap space: failed reallocation of scalar replaced objects",
                "GC overhead limit exceeded",
                "Metaspace",
                "Compressed class space",
                "unable to create native thread: possibly out of memory or process/resource limits reached"
            })
    void exhaustionEndsTheProcess(String message) {
        assertThat(OutOfMemory.kind(new OutOfMemoryError(message))).isNotNegative();
        assertThat(OutOfMemory.kind(new IllegalStateException(new OutOfMemoryError(message))))
                .isNotNegative();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Requested array size exceeds VM limit",
                "Required length exceeds implementation limit",
                "Cannot reserve 1048576 bytes of direct buffer memory (allocated: 0, limit: 1)"
            })
    void anAllocationThatIsTooLargeDoesNot(String message) {
        assertThat(OutOfMemory.kind(new OutOfMemoryError(message))).isNegative();
    }

    @Test
    void exhaustedMemoryOutsideTheHeapDoesNot() throws Exception {
        var constructor = OutOfDirectMemoryError.class.getDeclaredConstructor(String.class);
        constructor.setAccessible(true);

        assertThat(OutOfMemory.kind(constructor.newInstance("Java heap space"))).isNegative();
    }

    @Test
    void circularCausesAreNoExhaustion() {
        Exception one = new Exception();
        one.initCause(new Exception(one));

        assertThat(OutOfMemory.kind(one)).isNegative();
        assertThat(OutOfMemory.kind(null)).isNegative();
    }
}
