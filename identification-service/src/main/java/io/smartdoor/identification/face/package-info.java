/**
 * Whose face a picture shows. One port, {@link io.smartdoor.identification.face.FaceMatcher}, and
 * what it answers; OpenCV and Rekognition behind it. Recognition never unlocks anything.
 */
@NullMarked
package io.smartdoor.identification.face;

import org.jspecify.annotations.NullMarked;
