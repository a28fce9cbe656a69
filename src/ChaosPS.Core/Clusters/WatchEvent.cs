namespace ChaosPS.Clusters;

/// <summary>What has become of an object.</summary>
public enum WatchEventType
{
    /// <summary>It is there: at the beginning of a watch, or since now.</summary>
    Added,

    /// <summary>Something about it is another.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,
}

/// <summary>A change of an object that is watched.</summary>
/// <typeparam name="T">What the object is read as.</typeparam>
/// <param name="Type">What has become of it.</param>
/// <param name="Item">The object as it is since then; when it is gone, as it was last seen.</param>
public sealed record WatchEvent<T>(WatchEventType Type, T Item);
