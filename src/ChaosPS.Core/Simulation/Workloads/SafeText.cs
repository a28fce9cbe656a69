namespace ChaosPS.Simulation.Workloads;

/// <summary>Kubernetes' generated names: an alphabet without vowels and look-alikes, so that no name says anything.</summary>
/// <remarks>Source: k8s.io/apimachinery/pkg/util/rand.</remarks>
internal static class SafeText
{
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>The random end of a generated name.</summary>
    public static string Draw(Random chance, int length) =>
        string.Create(length, chance, static (text, chance) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = Alphabet[chance.Next(Alphabet.Length)];
        });

    /// <summary>So many letters from a number.</summary>
    public static string Encode(ulong number, int length) =>
        string.Create(length, number, static (text, number) =>
        {
            for (var i = 0; i < text.Length; i++, number /= (ulong)Alphabet.Length) text[i] = Alphabet[(int)(number % (ulong)Alphabet.Length)];
        });

    /// <summary>A number, written in that alphabet: how template hashes appear.</summary>
    public static string Encode(uint number) =>
        string.Concat(number.ToString(System.Globalization.CultureInfo.InvariantCulture).Select(digit => Alphabet[digit % Alphabet.Length]));
}
