package io.smartdoor.identification.face;

/** One face of a person, who may have several. */
public record EnrolledFace(PersonId person, FaceTemplate template) {}
