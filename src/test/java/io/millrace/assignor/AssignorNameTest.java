package io.millrace.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AssignorNameTest {

    @Test
    void codesAreReadAsTheyAreWritten() {
        assertThat(Arrays.stream(AssignorName.values()).map(AssignorName::code))
                .containsExactly("sticky", "range", "round_robin");
        assertThat(AssignorName.values())
                .allSatisfy(name -> assertThat(AssignorName.of(name.code())).contains(name));
    }

    @Test
    void otherCodesNameNothing() {
        assertThat(AssignorName.of("STICKY")).isEmpty();
        assertThat(AssignorName.of("")).isEmpty();
    }
}
