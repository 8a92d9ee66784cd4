/** Members of a consumer group, one class for each protocol, that behave well and record everything that they see. */
@NullMarked
package io.millrace.verify.group;

import org.jspecify.annotations.NullMarked;
