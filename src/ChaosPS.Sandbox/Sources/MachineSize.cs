using ChaosPS.Errors;

namespace ChaosPS.Sandbox.Sources;

/// <summary>A size of Azure machines, and what AKS leaves of it to pods.</summary>
/// <param name="Name">Azure's name.</param>
/// <param name="Cores">Virtual cores.</param>
/// <param name="MemoryGi">Memory, GiB.</param>
/// <param name="MaxDisks">Data disks that can be attached at once.</param>
/// <remarks>
/// Sources: https://learn.microsoft.com/azure/virtual-machines/sizes/overview and, for what is reserved,
/// https://learn.microsoft.com/azure/aks/node-resource-reservations (AKS 1.29 and later).
/// </remarks>
internal sealed record MachineSize(string Name, int Cores, int MemoryGi, int MaxDisks)
{
    private static readonly int[] s_familyCores = [2, 4, 8, 16, 32];

    /// <summary>The sizes that are known, of the general, compute, memory and burstable families.</summary>
    public static IReadOnlyList<MachineSize> Known { get; } =
    [
        new("Standard_B2s", 2, 4, 4), new("Standard_B2ms", 2, 8, 4), new("Standard_B4ms", 4, 16, 8), new("Standard_B8ms", 8, 32, 16),
        .. Family("Standard_D{0}s_v3", 4), .. Family("Standard_D{0}s_v4", 4), .. Family("Standard_D{0}s_v5", 4),
        .. Family("Standard_D{0}as_v5", 4), .. Family("Standard_D{0}ds_v5", 4), .. Family("Standard_D{0}ads_v5", 4),
        new("Standard_DS2_v2", 2, 7, 8), new("Standard_DS3_v2", 4, 14, 16), new("Standard_DS4_v2", 8, 28, 32), new("Standard_DS5_v2", 16, 56, 64),
        .. Family("Standard_E{0}s_v3", 8), .. Family("Standard_E{0}s_v5", 8), .. Family("Standard_E{0}ds_v5", 8),
        .. Family("Standard_F{0}s_v2", 2),
    ];

    /// <summary>Memory that the operating system sees, KiB: firmware and kernel keep a little.</summary>
    public long MemoryKi => (long)MemoryGi * Mebi * 976 / 1000;

    /// <summary>Thousandths of cores that pods can have.</summary>
    public int AllocatableMilliCpu => (Cores * 1000) - Cores switch
    {
        <= 1 => 60,
        2 => 100,
        <= 4 => 140,
        <= 8 => 180,
        <= 16 => 260,
        <= 32 => 420,
        _ => 740,
    };

    /// <summary>Memory that pods can have, KiB: without 20 MB for each of 250 pods and 50 MB more, at most a quarter, and 100 MiB before which pods are evicted.</summary>
    public long AllocatableMemoryKi => MemoryKi - Math.Min(((20L * MaxPods) + 50) * Kibi, MemoryKi / 4) - (100 * Kibi);

    private const int MaxPods = 250;
    private const long Kibi = 1024;
    private const long Mebi = Kibi * 1024;

    /// <summary>The size of that name, in any case.</summary>
    /// <exception cref="ChaosException">It is not known: id <c>NodeSizeUnknown</c>.</exception>
    public static MachineSize Find(string name) =>
        Known.FirstOrDefault(size => size.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw ChaosErrors.NodeSizeUnknown(name, Known.Select(static size => size.Name));

    /// <summary>Machines of one family have disks and memory in proportion to their cores.</summary>
    private static IEnumerable<MachineSize> Family(string name, int memoryGiPerCore) => s_familyCores.Select(cores => new MachineSize(
        string.Format(System.Globalization.CultureInfo.InvariantCulture, name, cores), cores, cores * memoryGiPerCore, Math.Min(32, cores * 2)));
}
