"""What TensorBoard reads of a training run that was killed and went on.

  python test_events.py EVENTS_PROBE
"""

import subprocess
import sys
import tempfile
import unittest

try:
    from tensorboard.backend.event_processing import event_accumulator
except ImportError:
    print("skipped: tensorboard is not installed (requirements-bench.txt)")
    sys.exit(77)

PROBE = sys.argv.pop(1)


class Events(unittest.TestCase):
    def setUp(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([PROBE, folder], check=True)
            self.events = event_accumulator.EventAccumulator(folder)
            self.events.Reload()

    def scalars(self, tag):
        return [(event.step, event.value) for event in self.events.Scalars(tag)]

    def test_rewound_steps_are_forgotten(self):
        self.assertEqual(self.scalars("train/loss"),
                         [(1, 8), (2, 8), (3, 8), (4, 4), (5, 4), (6, 4)])
        self.assertEqual(self.scalars("validation/loss"), [(4, 2)])

    def test_speeds_and_times_are_there(self):
        self.assertEqual(self.scalars("speed/samples_per_second"), [(s, 8) for s in range(1, 7)])
        times = [event.wall_time for event in self.events.Scalars("train/loss")]
        self.assertEqual(times, sorted(times))
        self.assertGreater(times[0], 1.7e9)


if __name__ == "__main__":
    unittest.main()
