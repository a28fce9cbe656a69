@{
    ExcludeRules = @(
        # Files are UTF-8 without a mark: what needs one is Windows PowerShell, and this is for PowerShell 7.
        'PSUseBOMForUnicodeEncodedFile'
    )
}
