package io.smartdoor.lock.door;

import java.util.random.RandomGenerator;

/** A key that counts what it signs. */
public final class CountingDoorKey extends DoorKey {

  private int signatures;

  public CountingDoorKey(RandomGenerator random) {
    super(DoorKey.generate(random).bytes());
  }

  @Override
  public byte[] sign(byte[]... parts) {
    signatures++;
    return super.sign(parts);
  }

  public int signatures() {
    return signatures;
  }
}
