namespace Auspex.Experiments.Training.Vowpal;

/// <summary>A line as the learner sees it.</summary>
/// <param name="Label">The label; null where there is none.</param>
/// <param name="Weight">How much it counts.</param>
/// <param name="Base">What the sum begins with.</param>
/// <param name="Indexes">The hashes of its features, not yet cut to the bits of the model.</param>
/// <param name="Values">Their values.</param>
internal sealed record VowpalExample(double? Label, double Weight, double Base, uint[] Indexes, float[] Values);
