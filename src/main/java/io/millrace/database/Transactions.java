package io.millrace.database;

import io.millrace.event.HubError;
import io.millrace.event.HubException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How packages use the database outside of the hot paths: in one transaction with a timeout, and with the hub's own
 * errors when the database is unavailable. Any other failure is a bug and is passed on unchanged. Called within another
 * transaction, the work joins it.
 */
public final class Transactions {

    private final TransactionTemplate reading;
    private final TransactionTemplate writing;
    private final String subject;

    /**
     * @param timeout in whole seconds, at least one
     * @param subject what is changed, for the message of an unknown outcome: {@code the topic}
     */
    public Transactions(PlatformTransactionManager transactions, Duration timeout, String subject) {
        int seconds = Math.toIntExact(Math.max(1, timeout.toSeconds()));
        this.reading = new TransactionTemplate(transactions);
        this.reading.setReadOnly(true);
        this.reading.setTimeout(seconds);
        this.writing = new TransactionTemplate(transactions);
        this.writing.setTimeout(seconds);
        this.subject = subject;
    }

    /** @throws HubException {@link HubError#STORAGE_UNAVAILABLE}, or what the work throws */
    public <T> T read(Supplier<T> work) {
        return answered(reading, work, new AtomicBoolean());
    }

    /**
     * @throws HubException {@link HubError#STORAGE_UNAVAILABLE} if nothing was changed,
     *     {@link HubError#OUTCOME_UNKNOWN} if the commit was not confirmed, or what the work throws
     */
    public <T> T write(Supplier<T> work) {
        AtomicBoolean committing = new AtomicBoolean();
        Supplier<T> flushed = () -> {
            T result = work.get();
            committing.set(true);
            return result;
        };
        return answered(writing, flushed, committing);
    }

    private <T> T answered(TransactionTemplate template, Supplier<T> work, AtomicBoolean committing) {
        try {
            return template.<T>execute(_ -> work.get());
        } catch (HubException refusal) {
            throw refusal;
        } catch (RuntimeException failure) {
            if (!StorageFailures.unavailable(failure)) {
                throw failure;
            }
            if (!committing.get()) {
                throw StorageFailures.refusal(failure);
            }
            throw new HubException(
                            HubError.OUTCOME_UNKNOWN,
                            "the database did not confirm the change of " + subject
                                    + ": check whether it took effect before trying again")
                    .causedBy(failure);
        }
    }
}
