package io.smartdoor.identification.stranger;

/** Keeps pictures of people whom nobody knows until somebody says who they are. */
public interface Strangers {

  /**
   * Keeps it, for as long as pictures of strangers are kept. The same again changes nothing.
   *
   * @param picture the JPEG or PNG, as the Lock Service keeps it
   */
  void keep(Stranger stranger, byte[] picture);
}
