/// Laws of the step loop: views against a naive evaluator that shares no code with the operators.
@NullMarked
package dev.aevum.executor.step;

import org.jspecify.annotations.NullMarked;
