package io.millrace.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class HubExceptionTest {

    @Test
    void causesAndFieldsAreAddedToACopy() {
        HubException plain = new HubException(HubError.STORAGE_UNAVAILABLE, "the database is away");
        IOException cause = new IOException("connection refused");

        HubException full = plain.causedBy(cause).with("retry_after", 1);

        assertThat(full).hasMessage("the database is away").hasCause(cause);
        assertThat(full.members()).containsEntry("retry_after", 1);
        assertThat(full.with(List.of(new Violation(Place.WHOLE, "code", "detail")))
                        .members())
                .isEqualTo(full.members());
        assertThat(plain).hasNoCause();
        assertThat(plain.members()).isEmpty();
    }
}
