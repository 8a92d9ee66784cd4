/** Groups as operators see them: listed, described, moved to other offsets, deleted; and their lag. */
@NamedInterface("admin")
@NullMarked
package io.millrace.group.admin;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
