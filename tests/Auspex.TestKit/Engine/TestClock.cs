using Auspex.Engine.Simulation;

namespace Auspex.TestKit.Engine;

/// <summary>A clock that only its owner moves, beginning at a moment whose every part differs.</summary>
public sealed class TestClock() : VirtualClock(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
